// A fake Keeper and builders: one valid value each, and a test changes the one thing that it is about.

import type { Asked, KeeperAsks } from '../../src/asks.ts';
import type { Problem } from '../../src/config/config.ts';
import type { DeploymentPage, Found } from '../../src/found.ts';
import { buildStatus, type Deployment, type Project } from '../../src/pages-api/model.ts';
import { projectStatus } from '../../src/policy/standing.ts';
import type { Verdict } from '../../src/policy/verdict.ts';
import type { BranchBuild, KeeperReads, Overview, ProjectPage, RunPage, RunsPage } from '../../src/reads.ts';
import type {
  BuildPoint,
  DayRecord,
  Deletion,
  Health,
  JudgedDeployment,
  ProjectStanding,
  ProjectSummary,
  RunRecord,
} from '../../src/report.ts';
import { app } from '../../src/web/app.ts';
import { createKeysOf } from '../../src/web/auth/access.ts';
import type { Site } from '../../src/web/site.ts';

export const NOW = Date.parse('2026-11-24T13:17:30Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What a broken configuration says of itself. */
export const PROBLEM: Problem = { path: 'DRY_RUN', message: 'must be true or false; got "yes"' };

/** A ready production build of an hour ago. */
export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    id: '1a2b3c4d-0000-4000-8000-000000000001',
    environment: 'production',
    branch: 'main',
    createdAt: NOW - HOUR,
    finishedAt: NOW - HOUR + 107_000,
    stage: 'deploy',
    stageStatus: 'success',
    skipped: false,
    skipReason: null,
    trigger: 'github:push',
    pushedTo: 'github:acme/docs',
    url: 'https://1a2b3c4d.docs-7xk.pages.dev',
    aliases: [],
    commitHash: '0123456789abcdef0123456789abcdef01234567',
    commitMessage: 'Explain how aliases work',
    commitDirty: false,
    recorded: null,
    ...change,
  };
}

export function judged(change: Partial<Deployment> = {}, verdict: Partial<Verdict> = {}): JudgedDeployment {
  return {
    deployment: deployment(change),
    verdict: { action: 'keep', reason: 'live', expiresAt: null, ...verdict },
    place: { policy: 0, olderThanDays: 30, keepLatest: 5, rank: 1, nextAt: NOW + 43 * MINUTE },
  };
}

export function project(change: Partial<Project> = {}): Project {
  return {
    id: '3f0c1d2e-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
    name: 'docs',
    subdomain: 'docs-7xk.pages.dev',
    domains: ['docs-7xk.pages.dev', 'docs.example.com'],
    productionBranch: 'main',
    source: { type: 'github', owner: 'example-org', repo: 'docs' },
    builtOnPush: true,
    latest: null,
    canonical: null,
    ...change,
  };
}

/** Of production: one of three failed. */
export const BUILDS: readonly BuildPoint[] = [
  { took: 100_000, ok: true },
  { took: 130_000, ok: false },
  { took: 107_000, ok: true },
];

export function summary(change: Partial<ProjectSummary> = {}): ProjectSummary {
  return {
    project: project(),
    live: judged(),
    latest: judged(),
    rolledBack: false,
    failedSinceLive: 0,
    newestFailed: false,
    git: null,
    total: 143,
    next: 12,
    held: null,
    left: null,
    moreIfStale: null,
    nextRebuildAt: NOW + 43 * MINUTE,
    nextPruneAt: NOW + 43 * MINUTE,
    paused: null,
    savedBuilds: 0,
    builds: BUILDS,
    reading: null,
    dryRun: false,
    pruned: true,
    rebuilt: true,
    hook: false,
    ...change,
  };
}

export function run(change: Partial<RunRecord> = {}): RunRecord {
  return {
    id: '2026-11-24T13-00',
    cron: '0 * * * *',
    scheduledAt: NOW - 17 * MINUTE,
    startedAt: NOW - 17 * MINUTE + 2_000,
    finishedAt: NOW - 15 * MINUTE,
    outcome: 'done',
    dryRun: false,
    calls: 31,
    counts: { deleted: 12, gone: 1, refused: 0, failed: 0, remaining: 0 },
    warnings: [],
    rebuilds: [
      {
        project: 'docs',
        branch: 'main',
        deploymentId: '1a2b3c4d-0000-4000-8000-000000000001',
        status: 'ready',
      },
    ],
    skips: [{ project: 'brochure', reason: 'direct-upload' }],
    refusals: [],
    error: null,
    errorDetail: null,
    ...change,
  };
}

/** Yesterday's runs, or another day's. */
export function day(change: Partial<DayRecord> = {}): DayRecord {
  return {
    day: '2026-11-24',
    runs: 14,
    failed: 0,
    well: 14,
    deleted: 12,
    rebuilds: 3,
    stored: 143,
    ...change,
  };
}

export function deletion(change: Partial<Deletion> = {}): Deletion {
  return {
    project: 'docs',
    id: 'badc0de5-7777-4888-8999-aaaabbbbcccc',
    environment: 'preview',
    branch: 'feat/new-nav',
    commit: 'fedcba9876543210fedcba9876543210fedcba98',
    createdAt: NOW - 40 * DAY,
    deletedAt: NOW - 16 * MINUTE,
    reason: 'expired',
    outcome: 'deleted',
    ...change,
  };
}

/** A Keeper that is well. */
export const WELL: Health = {
  ok: true,
  reason: null,
  lastRunAt: NOW - 17 * MINUTE,
  lastSuccessAt: NOW - 17 * MINUTE,
  missed: null,
  newest: null,
};

/** How a project stands that is shown so. */
export function standing(shown: ProjectSummary): ProjectStanding {
  const { failedSinceLive, newestFailed, rolledBack, total, next, left, dryRun, pruned, rebuilt } = shown;
  const { nextRebuildAt, nextPruneAt } = shown;
  const live = shown.live && { createdAt: shown.live.deployment.createdAt };
  const latest = shown.latest && {
    status: buildStatus(shown.latest.deployment, NOW),
    environment: shown.latest.deployment.environment,
    createdAt: shown.latest.deployment.createdAt,
  };
  return {
    ...{
      name: shown.project.name,
      live,
      latest,
      failedSinceLive,
      newestFailed,
      rolledBack,
      total,
      next,
      left,
    },
    ...{
      dryRun,
      pruned,
      rebuilt,
      nextRebuildAt,
      nextPruneAt,
      behindSince: shown.git?.behindSince ?? null,
      status: projectStatus({ live, latest, failedSinceLive, newestFailed }),
    },
  };
}

export function overview(change: Partial<Overview> = {}): Overview {
  const projects = change.projects ?? [summary()];
  return {
    health: WELL,
    checkedAt: NOW - 20_000,
    accountProjects: 1,
    projects,
    all: projects.map(standing),
    page: { number: 1, of: 1, total: projects.length },
    runs: [run()],
    days: [day()],
    month: { builds: 0, included: 500 },
    trouble: null,
    progress: null,
    warnings: [],
    ...change,
  };
}

export function projectPage(change: Partial<ProjectPage> = {}): ProjectPage {
  return {
    health: WELL,
    checkedAt: NOW - 20_000,
    summary: summary(),
    deployments: [judged()],
    page: 1,
    pages: 1,
    matching: 1,
    looked: null,
    builds: { production: BUILDS, preview: [] },
    forecast: null,
    branches: ['main', 'feat/new-nav'],
    trouble: null,
    progress: null,
    ...change,
  };
}

export function runsPage(change: Partial<RunsPage> = {}): RunsPage {
  return {
    health: WELL,
    checkedAt: NOW - 20_000,
    runs: [run()],
    progress: null,
    plan: [summary()],
    planPage: { number: 1, of: 1, total: 1 },
    planned: 12,
    nextPruneAt: NOW + 43 * MINUTE,
    next: null,
    days: [day()],
    trouble: null,
    warnings: [],
    ...change,
  };
}

export function runPage(change: Partial<RunPage> = {}): RunPage {
  return { health: WELL, run: run(), deletions: [deletion()], page: 1, pages: 1, total: 1, ...change };
}

export function deploymentPage(change: Partial<DeploymentPage> = {}): DeploymentPage {
  return {
    health: WELL,
    checkedAt: NOW - 20_000,
    trouble: null,
    summary: summary(),
    deployment: judged(),
    gone: null,
    rule: { index: 0, pattern: 'docs-*' },
    log: null,
    ...change,
  };
}

export function found(change: Partial<Found> = {}): Found {
  return {
    health: WELL,
    checkedAt: NOW - 20_000,
    trouble: null,
    projects: [summary()],
    branches: [{ project: 'docs', branch: 'feat/docs', environment: 'preview', newestAt: NOW - HOUR }],
    deployments: [],
    gone: [{ run: '2026-11-24T13-00', deletion: deletion() }],
    left: { projects: 0, branches: 0, gone: 0 },
    looked: null,
    page: 1,
    more: false,
    ...change,
  };
}

/** What the fake Keeper answers. */
export interface Answers {
  readonly overview?: Partial<Overview>;
  /** `null`: not found. */
  readonly project?: Partial<ProjectPage> | null;
  readonly branchBuild?: BranchBuild | null;
  readonly runs?: Partial<RunsPage>;
  readonly run?: Partial<RunPage> | null;
  readonly deployment?: Partial<DeploymentPage> | null;
  readonly found?: Partial<Found>;
  readonly asked?: Asked;
  readonly health?: Partial<Awaited<ReturnType<KeeperReads['health']>>>;
}

/** A Keeper that answers from values and writes down what it was asked. */
export function fakeKeeper(
  answers: Answers = {},
): KeeperReads & KeeperAsks & { readonly asked: unknown[][] } {
  const asked: unknown[][] = [];
  const says = <T>(what: unknown[], value: T): Promise<T> => {
    asked.push(what);
    return Promise.resolve(value);
  };
  return {
    asked,
    overview: (query) => says(['overview', query], overview(answers.overview)),
    project: (name, query) =>
      says(['project', name, query], answers.project === null ? null : projectPage(answers.project)),
    standing: (name) =>
      says(
        ['standing', name],
        answers.project === null ? null : standing(projectPage(answers.project).summary),
      ),
    branchBuild: (name, branch) =>
      says(['branchBuild', name, branch], answers.branchBuild === undefined ? null : answers.branchBuild),
    runs: (query) => says(['runs', query], runsPage(answers.runs)),
    run: (id, page) => says(['run', id, page], answers.run === null ? null : runPage(answers.run)),
    deployment: (name, id, withLog) =>
      says(
        ['deployment', name, id, withLog],
        answers.deployment === null ? null : deploymentPage(answers.deployment),
      ),
    find: (text, page) => says(['find', text, page], found(answers.found)),
    ask: (request) =>
      says(
        ['ask', request],
        answers.asked ?? { kind: 'asked', project: request.project, branch: 'main', buildAt: NOW + 30_000 },
      ),
    health: () => says(['health'], { ...WELL, ...answers.health }),
  };
}

/** The app over a fake Keeper, open to all unless told otherwise; `wakes` counts how often the Keeper was got. */
export function statusPage(answers: Answers = {}, change: Partial<Site> = {}) {
  const keeper = fakeKeeper(answers);
  const logged: object[] = [];
  const counter = { wakes: 0 };
  const site: Site = {
    keeper: () => {
      counter.wakes += 1;
      return keeper;
    },
    door: { mode: 'public' },
    shareKey: null,
    hookKey: null,
    rebuildButton: false,
    buildLogs: false,
    problems: [],
    simulated: false,
    now: () => NOW,
    keysOf: createKeysOf(() => Promise.reject(new Error('no keys in this test'))),
    version: '1.0.0',
    timeZone: 'Europe/Berlin',
    log: (entry) => logged.push(entry),
    ...change,
  };
  const get = async (path: string, init: RequestInit = {}) =>
    app.request(`https://status.test${path}`, init, site);
  return {
    keeper,
    logged,
    counter,
    get,
    text: async (path: string, init?: RequestInit) => (await get(path, init)).text(),
    json: async (path: string, init?: RequestInit): Promise<Record<string, unknown>> =>
      (await get(path, init)).json(),
  };
}
