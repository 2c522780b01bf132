// The JSON shape of a project, made from the simulated state for one moment.
// Must not decide anything; the shape is that of recorded answers.
import type { SimulatedDeployment } from './deployment.ts';
import type { SimulatedProject } from './project.ts';
import {
  buildConfig,
  COMPATIBILITY,
  deploymentWire,
  envVars,
  type Json,
  sourceConfig,
  timestamp,
} from './wire.ts';

function projectSource(project: SimulatedProject): Json {
  return {
    ...sourceConfig(project),
    owner_id: '12345678',
    repo_id: '87654321',
    deployments_enabled: true,
    production_deployments_enabled: true,
    preview_deployment_setting: 'all',
    preview_branch_includes: ['*'],
    preview_branch_excludes: [],
    path_includes: ['*'],
    path_excludes: [],
  };
}

/** A project with its newest and its live deployment embedded. */
export function projectWire(project: SimulatedProject, now: number): Json {
  const embedded = (row: SimulatedDeployment | null | undefined) =>
    row ? deploymentWire(project, row, now) : null;
  const config = {
    env_vars: envVars(project),
    fail_open: true,
    always_use_latest_compatibility_date: false,
    ...COMPATIBILITY,
    build_image_major_version: 3,
    usage_model: 'standard',
  };
  return {
    id: project.id,
    name: project.name,
    subdomain: project.subdomain,
    domains: [project.subdomain, ...project.domains],
    ...(project.source ? { source: { type: project.source, config: projectSource(project) } } : {}),
    build_config: buildConfig(project.source !== null),
    deployment_configs: { preview: config, production: config },
    latest_deployment: embedded(project.timeline(null).newest(0, 1)[0]),
    canonical_deployment: embedded(project.canonicalAt(now)),
    created_on: timestamp(project.createdAt, 250),
    production_branch: project.productionBranch,
    production_script_name: `pages-worker--${Number.parseInt(project.id.slice(0, 6), 16)}-production`,
    preview_script_name: `pages-worker--${Number.parseInt(project.id.slice(0, 6), 16)}-preview`,
    uses_functions: false,
    framework: '',
    framework_version: '',
  };
}
