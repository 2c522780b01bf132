// The states of the page as named fixtures: for the browser, the validator and the screenshots.

import type { JudgedDeployment, ProjectSummary, RunRecord, Trouble } from '../../src/report.ts';
import { sharePath } from '../../src/web/auth/share.ts';
import type { Site } from '../../src/web/site.ts';
import {
  ACCOUNT,
  BRANCHES,
  BUILDING,
  build,
  builds,
  deployments,
  FAILED,
  manyProjects,
  uuid,
  withDomains,
} from './account.ts';
import { FAILED_STATES } from './failed-states.ts';
import {
  type Answers,
  DAY,
  day,
  deletion,
  HOUR,
  MINUTE,
  NOW,
  PROBLEM,
  project,
  run,
  WELL,
} from './fixtures.ts';

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
  parts: [
    { project: 'blog', done: 830, of: 3_900 },
    { project: 'storefront', done: 120, of: 340 },
    { project: 'docs', done: 0, of: 55 },
  ],
} as const;
const ready = ACCOUNT.filter(
  (item) =>
    item.failedSinceLive === 0 && item.latest?.deployment.stageStatus === 'success' && !item.rolledBack,
);
/** Ninety days of hourly runs: a backlog at their beginning, a failure now and then. */
export const DAYS = Array.from({ length: 91 }, (_, index) =>
  day({
    day: new Date(NOW - index * DAY).toISOString().slice(0, 10),
    runs: index === 0 ? 13 : 24,
    failed: index % 29 === 7 ? 1 : 0,
    well: (index === 0 ? 13 : 24) - (index % 29 === 7 ? 1 : 0),
    deleted: index > 85 ? 900 : (index * 7) % 23,
    rebuilds: index % 4,
    stored: index > 85 ? 1_900 + (index - 85) * 800 : 1_900 + index,
  }),
);
const account = (projects: readonly ProjectSummary[]) => ({
  projects,
  accountProjects: 12,
  runs: RUNS,
  days: DAYS,
  month: { builds: 214, included: 500 },
});

/** A state: where to look, what the Keeper answers, how the Worker is set. */
export interface State {
  readonly path: string;
  readonly status?: number;
  readonly answers?: Answers;
  readonly deps?: Partial<Site>;
}

/** What goes on each of thirty days: nothing at first, then more and less. */
export const FORECAST = {
  days: Array.from({ length: 30 }, (_, index) => (index < 3 ? 0 : (index * 7) % 12)),
  looked: null,
};
/** Forty builds of each environment, some of which failed. */
export const BUILDS = { production: builds(3, 40, [5, 17, 38]), preview: builds(8, 40, [0]) };
const SHARE_KEY = 'a key of thirty-two characters!!';
const RTL = 'תיקון/עמוד-ראשי-ארוך-מאוד';
const branches = ['main', ...BRANCHES, ...Array.from({ length: 30 }, (_, index) => `feat/idea-${index + 1}`)];
const reading = { ...docs, reading: { read: 1_200, of: 4_000 }, total: null, next: null };

/** Messages as long as people write them, emoji and names from right to left among them. */
function withLongWords(item: ProjectSummary, index: number): ProjectSummary {
  const words = [
    'Merge pull request #214 from lighthouse-press/fix-sidebar',
    `${RTL} ${RTL}`,
    '👩‍💻'.repeat(40),
  ];
  const commitMessage = words[index % 4] ?? 'x'.repeat(200);
  return item.live === null
    ? item
    : { ...item, live: { ...item.live, deployment: { ...item.live.deployment, commitMessage } } };
}

/** Every state that a page can be in. */
export const STATES: Readonly<Record<string, State>> = {
  overview: { path: '/', answers: { overview: account(ACCOUNT) } },
  many: { path: '/', answers: { overview: account(manyProjects(40).map(withLongWords)) } },
  'all-live': { path: '/', answers: { overview: account(ready) } },
  building: {
    path: '/?watch=1',
    answers: { overview: account(ACCOUNT.slice(1, 2)) },
    deps: { simulated: true },
  },
  project: {
    path: '/projects/docs',
    answers: {
      project: {
        summary: docs,
        deployments: deployments(),
        page: 1,
        pages: 6,
        matching: 143,
        branches,
        builds: BUILDS,
        forecast: FORECAST,
      },
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
        days: DAYS,
        progress,
        warnings: [
          'RULES[1].projects: "shop-*" matches no project',
          'RULES[0].rebuild.cron: "0 3 * * *" has not ticked since 17 Nov',
        ],
      },
    },
  },
  'runs-of-a-day': { path: '/runs?day=2026-11-24', answers: { runs: { runs: RUNS } } },
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
  deployment: {
    path: `/projects/docs/deployments/${uuid(43)}`,
    answers: { deployment: { summary: docs, deployment: deployments()[2] as JudgedDeployment } },
  },
  ...FAILED_STATES,
  'deployment-going': {
    path: `/projects/docs/deployments/${uuid(43)}`,
    answers: { deployment: { summary: docs, deployment: deployments()[22] as JudgedDeployment } },
  },
  'deployment-deleted': {
    path: `/projects/docs/deployments/${uuid(43)}`,
    status: 410,
    answers: {
      deployment: { summary: docs, deployment: null, gone: { run: 'r-1300', deletion: deletion() } },
    },
  },
  shared: {
    path: await sharePath(SHARE_KEY, 'docs', '2027-01-01'),
    answers: {
      project: { summary: docs, deployments: deployments(), page: 1, pages: 6, matching: 143, branches },
    },
    deps: { door: { mode: 'closed' }, shareKey: SHARE_KEY },
  },
  found: {
    path: '/find?q=pricing',
    answers: {
      found: {
        projects: ACCOUNT.slice(0, 2),
        branches: [...BRANCHES, RTL].map((branch, index) => ({
          project: 'docs',
          branch,
          environment: 'preview',
          newestAt: NOW - index * 30 * HOUR,
        })),
        deployments: deployments(8).map((judged) => ({ project: docs.project, judged })),
        gone: BRANCHES.map((branch, index) => ({
          run: 'r-1300',
          deletion: deletion({ branch, id: uuid(300 + index), deletedAt: NOW - index * DAY }),
        })),
        left: { projects: 0, branches: 12, gone: 0 },
        looked: 10_000,
        more: true,
      },
    },
  },
  'found-nothing': {
    path: '/find?q=abcdef0',
    answers: { found: { projects: [], branches: [], gone: [], looked: 812 } },
  },
  'found-too-short': { path: '/find?q=a' },
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
        progress: { ...progress, phase: 'reading', done: 1_200, of: 4_000, parts: [] },
      },
    },
  },
  empty: { path: '/', answers: { overview: { projects: [], accountProjects: 0, runs: [] } } },
  'no-rules': { path: '/', answers: { overview: { projects: [], accountProjects: 30, runs: [] } } },
  'dry-run': {
    path: '/',
    answers: { overview: account(ACCOUNT.map((item) => ({ ...item, dryRun: true }))) },
  },
  'dry-run-project': {
    path: '/projects/docs',
    answers: {
      project: {
        summary: { ...docs, dryRun: true },
        deployments: deployments(),
        page: 2,
        pages: 6,
        branches,
      },
    },
  },
  'dry-run-runs': {
    path: '/runs',
    answers: { runs: { runs: RUNS.slice(3), plan: ACCOUNT.map((item) => ({ ...item, dryRun: true })) } },
  },
  'dry-run-run': { path: '/runs/r-1000', answers: { run: { run: RUNS[3] as RunRecord, deletions: [] } } },
  'right-to-left': {
    path: `/projects/docs?branch=${encodeURIComponent(RTL)}`,
    answers: {
      project: {
        summary: { ...docs, paused: { branch: RTL, commit: 'abcdef0123', failures: 3 } as never },
        deployments: deployments(4).map(({ deployment, ...rest }) => ({
          deployment: { ...deployment, branch: RTL, commitMessage: `${RTL} 12 ${RTL}` },
          ...rest,
        })),
        branches: ['main', RTL],
      },
    },
  },
  overdue: {
    path: '/',
    answers: { overview: { ...account(ready), health: { ...WELL, ok: false, reason: 'overdue' } } },
  },
  stalled: {
    path: '/runs',
    answers: {
      runs: { runs: RUNS, plan: ACCOUNT, progress, health: { ...WELL, ok: false, reason: 'stalled' } },
    },
  },
  'branch-building': {
    path: '/go/docs/feat/x',
    status: 503,
    answers: {
      branchBuild: { project: project(), deployment: build('docs', 99, MINUTE, BUILDING).deployment },
    },
  },
  'branch-failed': {
    path: '/go/docs/feat/x',
    status: 409,
    answers: { branchBuild: { project: project(), deployment: build('docs', 99, HOUR, FAILED).deployment } },
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
  'not-configured-known': {
    path: '/',
    status: 503,
    deps: {
      problems: [PROBLEM, { ...PROBLEM, path: 'RULES[12].prune[3].staleBranchesAfterDays' }],
      door: { mode: 'access', teamDomain: null, audience: null },
      access: { aud: 'x' },
    },
  },
};
