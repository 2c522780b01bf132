// The JSON shape of a deployment, made from the simulated state for one moment. One row at a time, on demand.
// Must not decide anything; the shapes are those of recorded answers, oddities included.
import type { SimulatedDeployment } from './deployment.ts';
import type { SimulatedProject } from './project.ts';
import type { Stage } from './stages.ts';

/** A JSON object on its way out. */
export type Json = Record<string, unknown>;

/** Whose the repositories of all projects are. */
export const OWNER = 'example-org';
/** What every deployment and configuration says about its runtime. */
export const COMPATIBILITY = { compatibility_date: '2026-07-28', compatibility_flags: [] } as const;

/** RFC 3339 with microseconds and their trailing zeros cut, as the API sends it. */
export function timestamp(at: number, micros = 0): string {
  const [seconds = '', millis = ''] = new Date(at).toISOString().slice(0, -1).split('.');
  const fraction = `${millis}${String(micros).padStart(3, '0')}`.replace(/0+$/, '');
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

function stageWire(stage: Stage, micros: number): Json {
  return {
    name: stage.name,
    started_on: stage.startedAt === null ? null : timestamp(stage.startedAt, micros),
    ended_on: stage.endedAt === null ? null : timestamp(stage.endedAt, micros),
    status: stage.status,
  };
}

/** The build settings, with canaries where a real account has tokens. */
export function buildConfig(git: boolean): Json {
  return {
    build_command: git ? 'npm run build' : null,
    destination_dir: git ? 'dist' : null,
    build_caching: null,
    root_dir: git ? '' : null,
    web_analytics_tag: git ? 'CANARY-analytics-tag' : null,
    web_analytics_token: git ? 'CANARY-analytics-token' : null,
  };
}

/** The variables of a project, one plain, one secret. */
export function envVars(project: SimulatedProject): Json {
  const plain = Object.entries(project.envVars).map(([name, value]) => [name, { type: 'plain_text', value }]);
  return { ...Object.fromEntries(plain), API_KEY: { type: 'secret_text', value: '' } };
}

function aliases(project: SimulatedProject, deployment: SimulatedDeployment, now: number): string[] | null {
  if (deployment.environment === 'production') {
    const live = project.domains.length > 0 && project.canonicalAt(now) === deployment;
    return live ? project.domains.map((domain) => `https://${domain}`) : null;
  }
  const listed = !deployment.hidesAlias && project.aliasHolder(deployment.branch, now) === deployment;
  return listed ? [project.aliasUrl(deployment.branch)] : null;
}

/** A deployment, as in a list, on its own, or embedded in a project. */
export function deploymentWire(
  project: SimulatedProject,
  deployment: SimulatedDeployment,
  now: number,
): Json {
  const micros = deployment.sequence % 1_000;
  const { stages, latest } = deployment.stages(now);
  const shortId = deployment.id.slice(0, 8);
  const git = project.source !== null && !deployment.upload;
  return {
    id: deployment.id,
    short_id: shortId,
    project_id: project.id,
    project_name: project.name,
    environment: deployment.environment,
    url: `https://${shortId}.${project.subdomain}`,
    created_on: timestamp(deployment.createdAt, micros),
    modified_on: timestamp(latest.endedAt ?? latest.startedAt ?? deployment.createdAt, micros),
    latest_stage: stageWire(latest, micros),
    deployment_trigger: {
      type: deployment.trigger,
      metadata: {
        branch: deployment.branch,
        commit_hash: deployment.hash,
        commit_message: deployment.message,
        commit_dirty: deployment.dirty,
      },
    },
    stages: stages.map((stage) => stageWire(stage, micros)),
    build_config: buildConfig(git),
    ...(git ? { source: { type: project.source, config: sourceConfig(project) } } : {}),
    env_vars: envVars(project),
    ...COMPATIBILITY,
    build_image_major_version: 3,
    usage_model: null,
    aliases: aliases(project, deployment, now),
    is_skipped: deployment.outcome === 'skipped',
    ...(deployment.outcome === 'skipped' ? { skip_reason: deployment.skipReason } : {}),
    production_branch: project.productionBranch,
    uses_functions: deployment.isSuccessful(now) ? false : null,
  };
}

/** The part of a source that deployments show. */
export function sourceConfig(project: SimulatedProject): Json {
  return {
    owner: OWNER,
    repo_name: project.name,
    production_branch: project.productionBranch,
    pr_comments_enabled: false,
  };
}
