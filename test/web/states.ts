// The states of the page as named fixtures, with an account that looks like a real one: for the browser, the
// validator and the screenshots.

import type { Deployment } from '../../src/pages-api/model.ts';
import type { BuildPoint, JudgedDeployment, ProjectSummary, RunRecord, Trouble } from '../../src/report.ts';
import type { Site } from '../../src/web/site.ts';
import {
  type Answers,
  DAY,
  deletion,
  HOUR,
  judged,
  MINUTE,
  NOW,
  PROBLEM,
  project,
  run,
  summary,
} from './fixtures.ts';

const hex = (seed: number, length: number) =>
  Array.from(
    { length },
    (_, index) => ((seed * 2_654_435_761 + (index + 7) * 40_503 * (seed + 3)) >>> 9) % 16,
  )
    .map((digit) => digit.toString(16))
    .join('');

const uuid = (seed: number) =>
  `${hex(seed, 8)}-${hex(seed + 1, 4)}-4${hex(seed + 2, 3)}-8${hex(seed + 3, 3)}-${hex(seed + 4, 12)}`;

const builds = (seed: number, many: number, failing: readonly number[] = []): BuildPoint[] =>
  Array.from({ length: many }, (_, index) => ({
    at: NOW - (many - index) * 7 * HOUR,
    took: (52 + ((seed * 37 + index * index * 13) % 61)) * 1_000,
    ok: !failing.includes(index),
  }));

/** A build of a project at a time before now. */
function build(name: string, seed: number, age: number, change: Partial<Deployment> = {}): JudgedDeployment {
  const id = uuid(seed);
  return judged({
    id,
    createdAt: NOW - age,
    finishedAt: NOW - age + (70 + (seed % 50)) * 1_000,
    url: `https://${id.slice(0, 8)}.${name}.pages.dev`,
    commitHash: hex(seed + 9, 40),
    ...change,
  });
}

const BUILDING = { stage: 'build', stageStatus: 'active', finishedAt: null } as const;
const FAILED = { stage: 'build', stageStatus: 'failure' } as const;

function one(name: string, seed: number, age: number, message: string, change: Partial<ProjectSummary> = {}) {
  const live = build(name, seed, age, { commitMessage: message });
  return summary({
    project: project({
      id: uuid(seed + 100),
      name,
      subdomain: `${name}.pages.dev`,
      domains: [`${name}.pages.dev`],
      source: { type: 'github', owner: 'lighthouse-press', repo: name },
    }),
    live,
    latest: live,
    total: 80 + ((seed * 53) % 300),
    expired: (seed * 7) % 40,
    builds: builds(seed, 24, seed % 3 === 0 ? [5, 17] : []),
    ...change,
  });
}

const withDomains = (item: ProjectSummary, ...domains: string[]): ProjectSummary => ({
  ...item,
  project: { ...item.project, domains: [...item.project.domains, ...domains] },
});

/** Eight projects: one of each kind that the page tells apart. */
export const ACCOUNT: readonly ProjectSummary[] = [
  withDomains(
    one('storefront', 1, 5 * DAY, 'Show delivery dates in the basket', {
      latest: build('storefront', 2, 2 * HOUR, { ...FAILED, commitMessage: 'Upgrade to Vite 8' }),
      failedSinceLive: 3,
      builds: builds(1, 24, [21, 22, 23]),
    }),
    'shop.lighthouse.press',
  ),
  withDomains(
    one('handbook', 3, DAY, 'Add the travel policy', {
      latest: build('handbook', 4, 3 * MINUTE, {
        ...BUILDING,
        environment: 'preview',
        branch: 'feat/onboarding-checklist',
        commitMessage: 'Draft the onboarding checklist',
      }),
    }),
    'handbook.lighthouse.press',
  ),
  withDomains(
    one('blog', 5, 9 * DAY, 'Fix the feed of drafts', { rolledBack: true, expired: 4_484, total: 5_000 }),
    'blog.lighthouse.press',
    'journal.lighthouse.press',
  ),
  one('design-system', 6, 3 * HOUR, 'Round the corners of cards'),
  one('docs', 7, 21 * HOUR, 'Explain how aliases work', {
    latest: build('docs', 8, 40 * MINUTE, {
      environment: 'preview',
      branch: 'fix/search-index',
      aliases: ['https://fix-search-index.docs.pages.dev'],
      commitMessage: 'Leave drafts out of the search index',
    }),
  }),
  one('events', 9, 2 * DAY, 'Announce the winter meeting', {
    nextPruneAt: null,
    pruned: false,
    expired: null,
  }),
  one('brochure', 10, 31 * DAY, '', {
    live: build('brochure', 10, 31 * DAY, { trigger: 'ad_hoc', commitHash: '', commitMessage: '' }),
    latest: build('brochure', 10, 31 * DAY, { trigger: 'ad_hoc', commitHash: '', commitMessage: '' }),
    rebuilt: false,
    nextRebuildAt: null,
    builds: [],
    total: 6,
    expired: 0,
  }),
  one('status', 12, 6 * HOUR, 'Show the last incident'),
];

/** Any number of projects. */
export function manyProjects(many: number): ProjectSummary[] {
  return Array.from({ length: many }, (_, index) => {
    const base = ACCOUNT[index % ACCOUNT.length] as ProjectSummary;
    const name = `${base.project.name}-${index + 1}`;
    return {
      ...one(name, index + 20, (index + 1) * 5 * HOUR, `Change number ${index + 1} of many`),
      failedSinceLive: base.failedSinceLive,
      rolledBack: base.rolledBack,
    };
  });
}

const MESSAGES = [
  'Explain how aliases work',
  'Leave drafts out of the search index',
  'Bump the number of workers for the link checker',
  'Write about preview deployments',
  'Correct the price of the yearly plan',
  'Make the table of contents stick while scrolling',
  'Translate the first chapter',
];
const BRANCHES = [
  'fix/search-index',
  'feat/new-nav',
  'renovate/all-minor',
  'content/pricing',
  'feat/dark-mode',
];

/** Deployments of `docs`, of every kind of status and verdict. */
export function deployments(many = 25): JudgedDeployment[] {
  return Array.from({ length: many }, (_, index) => {
    const production = index % 4 === 1;
    const branch = production ? 'main' : (BRANCHES[index % BRANCHES.length] as string);
    const age = 3 * MINUTE + index * 41 * HOUR;
    const base = build('docs', 40 + index, age, {
      environment: production ? 'production' : 'preview',
      branch,
      commitMessage: MESSAGES[index % MESSAGES.length] as string,
      trigger: index % 6 === 1 ? 'deploy_hook' : 'github:push',
      aliases:
        index > 0 && index < 6 && !production ? [`https://${branch.replace('/', '-')}.docs.pages.dev`] : [],
    });
    return { ...base, deployment: { ...base.deployment, ...kind(index) }, verdict: verdict(index, age) };
  });
}

function kind(index: number): Partial<Deployment> {
  if (index === 0) return BUILDING;
  if (index === 3) return FAILED;
  if (index === 6) return { skipped: true, skipReason: 'path_config', finishedAt: null };
  if (index === 9) return { stage: 'build', stageStatus: 'canceled' };
  if (index === 12) return { stage: 'queued', stageStatus: 'idle', finishedAt: null };
  return {};
}

function verdict(index: number, age: number): JudgedDeployment['verdict'] {
  const expiresAt = NOW - age + 30 * DAY;
  if (index === 0) return { action: 'keep', reason: 'in-progress', expiresAt: null };
  if (index === 1) return { action: 'keep', reason: 'live', expiresAt: null };
  if (index % 4 === 1) return { action: 'keep', reason: 'latest', expiresAt: null };
  return expiresAt > NOW
    ? { action: 'keep', reason: 'young', expiresAt }
    : { action: 'delete', reason: 'expired', expiresAt };
}

const RUNS: readonly RunRecord[] = [
  run({
    id: 'r-1300',
    calls: 1_184,
    counts: { deleted: 1_136, gone: 2, refused: 1, failed: 0, remaining: 3_345 },
    outcome: 'running',
    finishedAt: null,
    rebuilds: [
      { project: 'docs', branch: 'main', deploymentId: uuid(40), status: 'building' },
      { project: 'handbook', branch: 'main', deploymentId: null, status: 'in-doubt' },
    ],
    skips: [
      { project: 'brochure', reason: 'direct-upload' },
      { project: 'storefront', reason: 'fresh' },
    ],
  }),
  run({
    id: 'r-1200',
    scheduledAt: NOW - 77 * MINUTE,
    startedAt: NOW - 77 * MINUTE + 1_000,
    finishedAt: NOW - 75 * MINUTE,
    outcome: 'partial',
    refusals: [
      { project: 'events', what: 'prune', why: 'its list changed three times while it was being read' },
    ],
  }),
  run({
    id: 'r-1100',
    scheduledAt: NOW - 137 * MINUTE,
    startedAt: NOW - 137 * MINUTE + 1_000,
    finishedAt: NOW - 137 * MINUTE + 3_000,
    outcome: 'failed',
    calls: 1,
    counts: { deleted: 0, gone: 0, refused: 0, failed: 0, remaining: 0 },
    rebuilds: [],
    skips: [],
    error: 'token',
    errorDetail: 'GET /accounts/…/pages/projects: 403, code 10000',
  }),
  run({
    id: 'r-1000',
    scheduledAt: NOW - 197 * MINUTE,
    startedAt: NOW - 197 * MINUTE,
    finishedAt: NOW - 196 * MINUTE,
    dryRun: true,
    counts: { deleted: 0, gone: 0, refused: 0, failed: 0, remaining: 4_484 },
    rebuilds: [],
    skips: [{ project: 'docs', reason: 'dry-run' }],
  }),
];

const trouble = (kind: Trouble['kind'], until: number | null): Trouble => ({
  kind,
  since: NOW - 6 * MINUTE,
  until,
  message: 'GET /accounts/0123/pages/projects: 403, code 10000',
});

const docs = withDomains(ACCOUNT[4] as ProjectSummary, 'docs.lighthouse.press');
const progress = {
  runId: 'r-1300',
  phase: 'deleting',
  done: 1_139,
  of: 4_484,
  endsAt: NOW + 14 * MINUTE,
} as const;
const ready = ACCOUNT.filter(
  (item) =>
    item.failedSinceLive === 0 && item.latest?.deployment.stageStatus === 'success' && !item.rolledBack,
);
const account = (projects: readonly ProjectSummary[]) => ({ projects, accountProjects: 12, runs: RUNS });

/** A state: where to look, what the Keeper answers, how the Worker is set. */
export interface State {
  readonly path: string;
  readonly status?: number;
  readonly answers?: Answers;
  readonly deps?: Partial<Site>;
}

const branches = ['main', ...BRANCHES, ...Array.from({ length: 30 }, (_, index) => `feat/idea-${index + 1}`)];
const reading = { ...docs, reading: { read: 1_200, of: 4_000 }, total: null, expired: null, plannedAt: null };

/** Every state that a page can be in. */
export const STATES: Readonly<Record<string, State>> = {
  overview: { path: '/', answers: { overview: account(ACCOUNT) } },
  'all-live': { path: '/', answers: { overview: account(ready) } },
  building: {
    path: '/?watch=1',
    answers: { overview: account(ACCOUNT.slice(1, 2)) },
    deps: { simulated: true },
  },
  project: {
    path: '/projects/docs',
    answers: {
      project: { summary: docs, deployments: deployments(), page: 1, pages: 6, matching: 143, branches },
    },
  },
  'project-failed': {
    path: '/projects/storefront',
    answers: { project: { summary: ACCOUNT[0] as ProjectSummary, deployments: deployments(4) } },
  },
  'project-empty': {
    path: '/projects/new',
    answers: {
      project: {
        summary: { ...docs, live: null, latest: null, builds: [], total: 0 },
        deployments: [],
        matching: 0,
        branches: [],
      },
    },
  },
  'filter-empty': {
    path: '/projects/docs?branch=feat%2Fgone&status=failed',
    answers: { project: { summary: docs, deployments: [], matching: 0, branches } },
  },
  runs: {
    path: '/runs',
    answers: {
      runs: {
        runs: RUNS,
        plan: ACCOUNT,
        progress,
        warnings: [
          'RULES[1].projects: "shop-*" matches no project',
          'RULES[0].rebuild.cron: "0 3 * * *" has not ticked since 17 Nov',
        ],
      },
    },
  },
  'runs-none': { path: '/runs', answers: { runs: { runs: [], plan: [] } } },
  run: {
    path: '/runs/r-1300',
    answers: {
      run: {
        run: RUNS[1] as RunRecord,
        deletions: Array.from({ length: 40 }, (_, index) =>
          deletion({
            id: uuid(200 + index),
            branch: BRANCHES[index % 5] as string,
            createdAt: NOW - (70 - index) * DAY,
            reason: index % 9 === 8 ? 'stale-branch' : 'expired',
            outcome: index === 7 ? 'gone' : 'deleted',
          }),
        ),
      },
    },
  },
  'first-look': {
    path: '/',
    status: 503,
    answers: { overview: { checkedAt: null, projects: [], accountProjects: null, runs: [] } },
  },
  'first-run': {
    path: '/',
    answers: {
      overview: {
        ...account([reading]),
        progress: { ...progress, phase: 'reading', done: 1_200, of: 4_000 },
      },
    },
  },
  empty: { path: '/', answers: { overview: { projects: [], accountProjects: 0, runs: [] } } },
  'no-rules': { path: '/', answers: { overview: { projects: [], accountProjects: 30, runs: [] } } },
  'dry-run': {
    path: '/',
    answers: { overview: account(ACCOUNT.map((item) => ({ ...item, dryRun: true }))) },
  },
  blocked: {
    path: '/',
    answers: {
      overview: {
        ...account(ACCOUNT.slice(2, 5)),
        checkedAt: NOW - 6 * MINUTE,
        trouble: trouble('blocked', NOW + 4 * MINUTE),
      },
    },
  },
  'token-refused': {
    path: '/',
    answers: {
      overview: {
        ...account(ACCOUNT.slice(2, 5)),
        checkedAt: NOW - 3 * HOUR,
        trouble: trouble('token', null),
      },
    },
    deps: { door: { mode: 'access', teamDomain: null, audience: null }, access: { aud: 'x' } },
  },
  'old-data': {
    path: '/projects/docs',
    answers: { project: { summary: docs, deployments: deployments(2), checkedAt: NOW - 50 * MINUTE } },
  },
  'not-found': { path: '/nowhere', status: 404 },
  closed: { path: '/', status: 403, deps: { door: { mode: 'closed' } } },
  'not-configured': { path: '/', status: 503, deps: { problems: [PROBLEM] } },
};
