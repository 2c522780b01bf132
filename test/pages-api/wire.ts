// Answers of the Pages API as they look: shapes of recorded replies, with made-up ids. Each holds what must never get past
// the client: variables, secrets, analytics tokens.

const STAGE_NAMES = ['queued', 'initialize', 'clone_repo', 'build', 'deploy'] as const;

const stage = (name: string, status: string, at: string | null = '2026-10-26T20:38:26.852685Z') => ({
  name,
  started_on: at,
  ended_on: at,
  status,
});

const BUILD_CONFIG = {
  build_command: 'npm run build',
  destination_dir: 'dist',
  build_caching: null,
  root_dir: '',
  web_analytics_tag: 'CANARY-tag',
  web_analytics_token: 'CANARY-analytics',
};

const ENV_VARS = {
  NODE_VERSION: { type: 'plain_text', value: 'CANARY-plain' },
  API_KEY: { type: 'secret_text', value: 'CANARY-secret' },
};

const SOURCE = {
  type: 'github',
  config: {
    owner: 'example-org',
    repo_name: 'example-docs',
    production_branch: 'main',
    pr_comments_enabled: false,
  },
};

/** A successful preview from Git. */
export const PREVIEW = {
  id: '9b7a1c52-44de-4f0a-b3c1-6d2e8f90a1b2',
  short_id: '9b7a1c52',
  project_id: '3f0c1d2e-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  project_name: 'example-docs',
  environment: 'preview',
  url: 'https://9b7a1c52.example-docs-7xk.pages.dev',
  created_on: '2026-10-26T20:37:55.472387Z',
  modified_on: '2026-10-26T20:38:34.041644Z',
  latest_stage: {
    name: 'deploy',
    started_on: '2026-10-26T20:38:26.852685Z',
    ended_on: '2026-10-26T20:38:34.041644Z',
    status: 'success',
  },
  deployment_trigger: {
    type: 'github:push',
    metadata: {
      branch: 'feature-search',
      commit_hash: '1f0e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c',
      commit_message: 'Add search to the docs.\n\nCloses #12.',
      commit_dirty: false,
    },
  },
  stages: STAGE_NAMES.map((name) => stage(name, 'success')),
  build_config: BUILD_CONFIG,
  source: SOURCE,
  env_vars: ENV_VARS,
  compatibility_date: '2026-07-28',
  compatibility_flags: [],
  build_image_major_version: 3,
  usage_model: null,
  aliases: ['https://feature-search.example-docs-7xk.pages.dev'],
  is_skipped: false,
  production_branch: 'main',
  uses_functions: false,
};

/** The live production deployment, from a deploy hook, with custom domains for aliases. */
export const LIVE = {
  ...PREVIEW,
  id: 'c0ffee11-2233-4455-8677-8899aabbccdd',
  short_id: 'c0ffee11',
  environment: 'production',
  url: 'https://c0ffee11.example-docs-7xk.pages.dev',
  created_on: '2026-10-23T17:00:27.369137Z',
  deployment_trigger: {
    type: 'deploy_hook',
    metadata: {
      branch: 'main',
      commit_hash: 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      commit_message: 'Update the site title.',
      commit_dirty: false,
    },
  },
  aliases: ['https://docs.example.com', 'https://www.docs.example.com'],
};

/** A preview whose build failed. */
export const FAILED = {
  ...PREVIEW,
  id: 'badc0de5-7777-4888-8999-aaaabbbbcccc',
  short_id: 'badc0de5',
  created_on: '2026-10-27T17:54:53.746009Z',
  latest_stage: {
    name: 'build',
    started_on: '2026-10-27T17:54:59.202022Z',
    ended_on: '2026-10-27T17:55:38.754515Z',
    status: 'failure',
  },
  stages: [
    ...STAGE_NAMES.slice(0, 3).map((name) => stage(name, 'success')),
    stage('build', 'failure'),
    stage('deploy', 'idle', null),
  ],
  aliases: null,
  uses_functions: null,
};

/** A finished Direct Upload: no source, and stages that look as if it had never begun. */
export const DIRECT_UPLOAD = {
  id: '5eed5eed-0a1b-4c2d-8e3f-4a5b6c7d8e9f',
  short_id: '5eed5eed',
  project_id: '7d1e2f3a-4b5c-4d6e-8f70-819203a4b5c6',
  project_name: 'example-app',
  environment: 'preview',
  url: 'https://5eed5eed.example-app.pages.dev',
  created_on: '2026-10-05T21:14:18.403967Z',
  modified_on: '2026-10-05T21:14:21.06963Z',
  latest_stage: {
    name: 'deploy',
    started_on: null,
    ended_on: '2026-10-05T21:14:21.06963Z',
    status: 'success',
  },
  deployment_trigger: {
    type: 'ad_hoc',
    metadata: {
      branch: 'staging',
      commit_hash: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      commit_message: 'Fix the asset path',
      commit_dirty: true,
    },
  },
  stages: [
    { name: 'queued', started_on: '2026-10-05T21:14:18.403967Z', ended_on: null, status: 'active' },
    ...STAGE_NAMES.slice(1, 4).map((name) => stage(name, 'idle', null)),
    { name: 'deploy', started_on: null, ended_on: '2026-10-05T21:14:21.06963Z', status: 'success' },
  ],
  build_config: { ...BUILD_CONFIG, build_command: null },
  env_vars: ENV_VARS,
  compatibility_flags: [],
  usage_model: null,
  aliases: ['https://staging.example-app.pages.dev'],
  is_skipped: false,
  production_branch: 'main',
  uses_functions: false,
};

/** A project from Git with everything embedded. */
export const PROJECT = {
  id: '3f0c1d2e-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  name: 'example-docs',
  subdomain: 'example-docs-7xk.pages.dev',
  domains: ['example-docs-7xk.pages.dev', 'docs.example.com', 'www.docs.example.com'],
  source: { type: 'github', config: { ...SOURCE.config, owner_id: '12345678', repo_id: '87654321' } },
  build_config: BUILD_CONFIG,
  deployment_configs: { preview: { env_vars: ENV_VARS }, production: { env_vars: ENV_VARS } },
  latest_deployment: FAILED,
  canonical_deployment: LIVE,
  created_on: '2026-09-01T08:12:40.31877Z',
  production_branch: 'main',
  production_script_name: 'pages-worker--1234567-production',
  preview_script_name: 'pages-worker--1234567-preview',
  uses_functions: false,
  framework: '',
  framework_version: '',
};

export const LIST_INFO = { page: 1, per_page: 25, count: 25, total_count: 28, total_pages: 2 };
