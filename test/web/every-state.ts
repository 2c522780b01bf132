// Every state that a page can be in, for the long run: the named ones of states.ts, and what comes of counts, troubles, phases and
// names when each page is tried with each.

import type { DeploymentPage } from '../../src/found.ts';
import type {
  Health,
  JudgedDeployment,
  Progress,
  ProjectSummary,
  RunRecord,
  Trouble,
} from '../../src/report.ts';
import { ACCOUNT, BRANCHES, deployments, manyProjects, uuid } from './account.ts';
import { type Answers, deletion, MINUTE, NOW, run, standing, summary, WELL } from './fixtures.ts';
import { BUILDS, DAYS, FORECAST, STATES, type State } from './states.ts';

/** What every page is answered in one state: a part of each answer. */
interface Situation {
  readonly all?: { readonly trouble?: Trouble; readonly health?: Health; readonly checkedAt?: number };
  readonly project?: (before: ProjectSummary) => ProjectSummary;
  readonly answers?: Answers;
}

/** Names as nobody should choose them, and some do. */
const HOSTILE = {
  long: {
    project: `${'very-long-name-'.repeat(3)}of-a-site`,
    text: `feature/${'a-branch-without-an-end-'.repeat(10)}`,
  },
  unbroken: { project: 'x'.repeat(58), text: 'W'.repeat(255) },
  emoji: { project: 'emoji', text: `${'👩‍💻👍🏽🏳️‍🌈'.repeat(12)} 🎉` },
  rtl: { project: 'rtl', text: 'תיקון/עמוד-ראשי-ארוך-מאוד שלום עולם מאמר على طول الطريق إلى المنزل' },
  markup: {
    project: 'markup',
    text: `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;<b>\u202e`,
  },
} as const;

const trouble = (kind: Trouble['kind'], until: number | null = null): Trouble => ({
  kind,
  since: NOW - 6 * MINUTE,
  until,
  message: 'GET /accounts/0123456789abcdef0123456789abcdef/pages/projects: 403, code 10000',
});
const ill = (reason: NonNullable<Health['reason']>) => ({ health: { ...WELL, ok: false, reason } });

const progress = (phase: Progress['phase']) => ({
  ...{
    runId: 'r-1300',
    phase,
    done: 1_139,
    of: phase === 'waiting' || phase === 'building' ? null : 4_484,
    endsAt: NOW + 14 * MINUTE,
  },
  parts: manyProjects(8).map(({ project }, index) => ({ project: project.name, done: index * 9, of: 560 })),
});

const open: RunRecord = run({ outcome: 'running', finishedAt: null, id: 'r-1300' });
const midRun = (phase: Parameters<typeof progress>[0]): Situation => ({
  answers: {
    overview: { progress: progress(phase), runs: [open] },
    project: { progress: { ...progress(phase), parts: [] } },
    runs: { progress: progress(phase), runs: [open, run()] },
    run: { run: open },
  },
  project: (before) => ({ ...before, left: 3_345, next: null }),
});

const SITUATIONS: Readonly<Record<string, Situation>> = {
  well: {},
  'dry-run': { project: (before) => ({ ...before, dryRun: true }) },
  'first-read': {
    project: (before) => ({
      ...before,
      ...{
        reading: { read: 1_200, of: 4_000 },
        total: null,
        next: null,
        live: null,
        latest: null,
        builds: [],
      },
    }),
  },
  reading: midRun('reading'),
  planning: midRun('planning'),
  deleting: midRun('deleting'),
  rebuilding: midRun('building'),
  waiting: midRun('waiting'),
  'token-refused': { all: { trouble: trouble('token'), ...ill('token') } },
  unreachable: { all: { trouble: trouble('unreachable', null), checkedAt: NOW - 50 * MINUTE } },
  blocked: { all: { trouble: trouble('blocked', NOW + 4 * MINUTE), ...ill('blocked') } },
  'rows-used-up': { all: { trouble: trouble('rows', NOW + 300 * MINUTE) } },
  failing: { all: ill('failing') },
  stalled: { all: ill('stalled') },
  overdue: { all: ill('overdue') },
  old: { all: { checkedAt: NOW - 300 * MINUTE } },
  'failed-run': {
    answers: {
      runs: { runs: [run({ outcome: 'failed', error: 'blocked', errorDetail: trouble('blocked').message })] },
      run: {
        run: run({
          ...{ outcome: 'partial', error: 'api', errorDetail: trouble('token').message },
          refusals: Array.from({ length: 12 }, (_, index) => ({
            project: `site-${index}`,
            what: index % 2 === 0 ? 'prune' : 'rebuild',
            why: 'its list changed three times while it was being read (GET /accounts/…: 500)',
          })),
          warnings: [
            { project: 'docs', text: 'the API says what this version does not know (stage: polish)' },
          ],
        }),
      },
    },
  },
  ...Object.fromEntries(
    Object.entries(HOSTILE).map(([name, { project, text }]) => [`named-${name}`, named(project, text)]),
  ),
};

function named(name: string, text: string): Situation {
  const rename = (one: JudgedDeployment): JudgedDeployment => ({
    ...one,
    deployment: { ...one.deployment, branch: text, commitMessage: text },
  });
  const site = (before: ProjectSummary): ProjectSummary => ({
    ...before,
    project: {
      ...before.project,
      // No two of an account have the same.
      name: before.project.name === 'docs' ? name : `${name.slice(0, 40)}-${before.project.name}`,
      subdomain: `${name}.pages.dev`,
      domains: [`${name}.pages.dev`, `${'sub.'.repeat(40)}example.com`],
    },
    live: before.live && rename(before.live),
    latest: before.latest && rename(before.latest),
    failedSinceLive: 2,
    paused: { branch: text, commit: 'abcdef0123', failures: 3 } as never,
  });
  const gone = deletion({ project: name, branch: text });
  const told = run({
    rebuilds: [{ project: name, branch: text, deploymentId: uuid(1), status: 'failed' }],
    skips: [{ project: name, reason: 'fresh' }],
    refusals: [{ project: name, what: 'prune', why: `the API said: ${text}` }],
    warnings: [{ project: name, text }],
    errorDetail: text,
    error: 'api',
  });
  return {
    project: site,
    answers: {
      overview: {
        warnings: [text],
        runs: [told],
        progress: {
          ...progress('deleting'),
          parts: [
            { project: name, done: 1, of: 9 },
            { project: `${name}2`, done: 0, of: 9 },
          ],
        },
      },
      project: { branches: [text, `${text}2`, 'main'], deployments: deployments(8).map(rename) },
      runs: { warnings: [text], runs: [told] },
      run: { run: told, deletions: [gone, { ...gone, reason: 'stale-branch' }] },
      deployment: {
        rule: { index: 12, pattern: `${name}*` },
        deployment: deployments(8).map(rename)[3] as never,
      },
      found: {
        branches: [{ project: name, branch: text, environment: 'preview', newestAt: NOW }],
        deployments: deployments(4).map((one) => ({ project: site(summary()).project, judged: rename(one) })),
        gone: [{ run: 'r-1300', deletion: gone }],
      },
    },
  };
}

/** Names of branches as a team has them: no two begin alike. */
export const SIXTY_BRANCHES = [
  'main',
  ...Array.from({ length: 59 }, (_, index) => `${BRANCHES[index % 5]}-${uuid(index).slice(0, 7)}`),
];

/** The pages; each takes its part of what a situation answers. */
const PAGES: Readonly<Record<string, (situation: Situation) => Pick<State, 'path' | 'answers'>>> = {
  overview: ({ all, project = (before) => before, answers }) => ({
    path: '/',
    answers: {
      overview: {
        projects: ACCOUNT.map(project),
        accountProjects: 12,
        days: DAYS,
        month: { builds: 480, included: 500 },
        ...all,
        ...answers?.overview,
      },
    },
  }),
  project: ({ all, project = (before) => before, answers }) => ({
    path: '/projects/docs',
    answers: {
      project: {
        ...{
          summary: project(ACCOUNT[4] as ProjectSummary),
          deployments: deployments(),
          branches: SIXTY_BRANCHES,
        },
        ...{ pages: 6, matching: 143, builds: BUILDS, forecast: FORECAST, ...all, ...answers?.project },
      },
    },
  }),
  runs: ({ all, project = (before) => before, answers }) => ({
    path: '/runs',
    answers: { runs: { plan: ACCOUNT.map(project), days: DAYS, ...all, ...answers?.runs } },
  }),
  run: ({ all, answers }) => ({
    path: '/runs/r-1300',
    answers: { run: { ...(all?.health && { health: all.health }), ...answers?.run } },
  }),
  deployment: ({ all, project = (before) => before, answers }) => ({
    path: `/projects/docs/deployments/${uuid(43)}`,
    answers: {
      deployment: { summary: project(ACCOUNT[4] as ProjectSummary), ...all, ...answers?.deployment },
    },
  }),
  found: ({ all, project = (before) => before, answers }) => ({
    path: '/find?q=docs',
    answers: { found: { projects: ACCOUNT.map(project), ...all, ...answers?.found } },
  }),
};

/** A failed build's page with its log, for who is let in. */
const LETS_IN = {
  ...{ buildLogs: true, door: { mode: 'access', teamDomain: null, audience: null } },
  access: { aud: 'x' },
} as const;
const LOGS: readonly NonNullable<DeploymentPage['log']>[] = [
  { kind: 'asked' },
  { kind: 'unread', at: NOW },
  { kind: 'too-long', at: NOW },
  { kind: 'read', at: NOW, lines: Object.values(HOSTILE).map(({ text }) => text) },
  {
    kind: 'read',
    at: NOW,
    lines: Array.from({ length: 100 }, (_, index) => `${index} > vite build ${uuid(index)}`),
  },
];
const logs = LOGS.map((log, index) => {
  const { path, answers } = PAGES.deployment?.({}) ?? { path: '' };
  const deployment = { ...answers?.deployment, deployment: deployments()[3] as JudgedDeployment, log };
  return [`deployment--log-${index}`, { path, answers: { deployment }, deps: LETS_IN }] as const;
});

/** A page of an account of so many projects. */
function ofMany(many: number): Readonly<Record<string, State>> {
  const projects = manyProjects(many);
  const [overview, plan] = [projects.slice(0, 50), projects.slice(0, 25)];
  const page = (size: number) => ({ number: 1, of: Math.max(1, Math.ceil(many / size)), total: many });
  return {
    [`overview-of-${many}`]: {
      path: '/',
      answers: {
        overview: { projects: overview, all: projects.map(standing), page: page(50), accountProjects: many },
      },
    },
    [`runs-of-${many}`]: { path: '/runs', answers: { runs: { plan, planPage: page(25) } } },
  };
}

const crossed = Object.entries(PAGES).flatMap(([page, stateOf]) =>
  Object.entries(SITUATIONS).map(([name, situation]) => [`${page}--${name}`, stateOf(situation)] as const),
);

/** All of them; a name is a part of a host's name. */
export const EVERY_STATE: Readonly<Record<string, State>> = {
  ...STATES,
  ...Object.fromEntries([...crossed, ...logs]),
  'project--may-ask': {
    path: '/projects/docs',
    answers: { project: { summary: { ...(ACCOUNT[4] as ProjectSummary), hook: true } } },
    deps: { ...LETS_IN, rebuildButton: true },
  },
  ...Object.assign({}, ...[0, 1, 100, 1_000].map(ofMany)),
};
