// What the status page reads: a few rows a view, whatever the account's size. Verdicts are the planner's own, at the time of
// the view. Reads only; asking for a fresh look is the caller's.

import type { Config } from '../config.ts';
import { buildStatus, type Deployment, isFinished } from '../pages-api/model.ts';
import { nextOf, nextTick } from '../plan/cron.ts';
import { allowedRate } from '../plan/pace.ts';
import { judge, type PruneContext } from '../plan/prune.ts';
import { retryAt } from '../plan/rebuild.ts';
import type {
  Health,
  JudgedDeployment,
  Overview,
  Progress,
  ProjectPage,
  ProjectQuery,
  ProjectSummary,
  RunPage,
  RunRecord,
  RunsPage,
} from '../plan/report.ts';
import { matchesGlobs, type RebuildRule, type Rule, ruleFor } from '../plan/rules.ts';
import { failingOf, mustRead, type ProjectState, usableInventory } from './inventory.ts';
import { factsFor, failedSinceLive, type OverviewEntry, readOverview } from './overview.ts';
import type { Store } from './store.ts';
import { monthOf, rowsUsedUp, type Work } from './work.ts';

const RUNS_SHOWN = 20;
const ROWS_A_PAGE = 25;
/** Blocks that a filtered view looks through at most: more would cost too much CPU for one view. */
const BLOCKS_A_VIEW = 20;
const BATCHES_A_PAGE = 20;
const BRANCHES_SHOWN = 100;

/** What a view is made from. */
export interface View {
  readonly store: Store;
  readonly work: Work;
  readonly config: Config;
  readonly now: number;
}

const FRESH_MS = 60_000;
const FRESH_WHILE_BUILDING_MS = 15_000;

const freshFor = (building: boolean) => (building ? FRESH_WHILE_BUILDING_MS : FRESH_MS);

/** Whether a view should ask for a fresh look at the account. */
export function isOld({ store, work, now }: View): boolean {
  const latest = Object.values(readOverview(store)).map(({ project }) => project.latest);
  const last = Math.max(work.checkedAt ?? 0, work.askedAt);
  return now - last > freshFor(latest.some((row) => row !== null && !isFinished(row)));
}

/** Whether a view of this project should have its deployments read: they have moved, and were not read just now. */
export function areRowsOld({ work, now }: View, state: ProjectState): boolean {
  const inventory = usableInventory(state);
  const readAt = Math.max(
    inventory?.validAt ?? 0,
    inventory?.fullAt ?? 0,
    work.rowsAskedAt[state.project.id] ?? 0,
  );
  return mustRead(state, now) && now - readAt > freshFor((inventory?.unfinished.length ?? 0) > 0);
}

/** A shown project by its name. */
export function findProject({ store, config }: View, name: string): ProjectState | null {
  const entry = Object.values(readOverview(store)).find(({ project }) => project.name === name);
  return entry && ruleFor(name, config.rules)?.show ? store.read('projects', entry.project.id) : null;
}

function contextOf(
  rule: Rule,
  facts: PruneContext['facts'],
  canonicalId: string | null,
  refusals: PruneContext['refusals'],
): PruneContext {
  return { facts, canonicalId, policies: rule.prune, refusals };
}

function judged(row: Deployment | null, context: PruneContext | null, now: number): JudgedDeployment | null {
  if (row === null) return null;
  if (context === null)
    return { deployment: row, verdict: { action: 'keep', reason: 'unreadable', expiresAt: null } };
  return { deployment: row, verdict: judge(row, context, now) };
}

/** When this cron ticks next; `null`: the next tick of any that is known. */
function nextTickOf(work: Work, cron: string | null, now: number, from = now): number | null {
  if (cron === null) return nextOf(work.ticks, now, from);
  const last = work.ticks[cron];
  return last === undefined ? nextTick(cron, Math.max(now, from - 1)) : nextOf({ [cron]: last }, now, from);
}

/** The failing commit for which the rule's rebuilds wait, and the next one of them. */
function rebuildsOf({ work, now }: View, { failing, project }: OverviewEntry, rule: RebuildRule | null) {
  if (rule === null) return { paused: null, nextRebuildAt: null };
  const found = failingOf({ failing: failing ?? [] }, rule.branch ?? project.productionBranch);
  const paused = found !== null && retryAt(found) > now ? found : null;
  const from = paused === null ? now : retryAt(paused);
  return { paused, nextRebuildAt: nextTickOf(work, rule.cron, now, from) };
}

function nextPruneAt({ work, now }: View, rule: Rule): number | null {
  const next = rule.prune.map((policy) => nextTickOf(work, policy.cron, now)).filter((at) => at !== null);
  return next.length === 0 ? null : Math.min(...next);
}

function summaryOf(view: View, entry: OverviewEntry, rule: Rule): ProjectSummary {
  const { work, now } = view;
  const { project, facts, plan, builds } = entry;
  const context = facts === null ? null : contextOf(rule, facts, project.canonical?.id ?? null, {});
  const liveAt = project.canonical?.createdAt ?? null;
  const walk = work.walks.find((wanted) => wanted.project === project.id);
  return {
    project,
    live: judged(project.canonical, context, now),
    latest: judged(project.latest, context, now),
    rolledBack: liveAt !== null && (facts?.newestProductionAt ?? 0) > liveAt,
    failedSinceLive: failedSinceLive(entry),
    total: entry.count === null ? null : entry.count - (work.gone[project.id] ?? 0),
    expired: plan?.expired ?? null,
    plannedAt: plan?.at ?? null,
    expiredIfStale: plan?.expiredIfStale ?? null,
    ...rebuildsOf(view, entry, rule.rebuild),
    savedBuilds: entry.saved?.month === monthOf(now) ? entry.saved.saved : 0,
    nextPruneAt: nextPruneAt(view, rule),
    builds: [...builds].reverse().map(({ at, took, ok }) => ({ at, took, ok })),
    reading: entry.count === null && walk !== undefined ? { read: walk.read, of: walk.of } : null,
    dryRun: view.config.dryRun || rule.dryRun,
    pruned: rule.prune.length > 0,
    rebuilt: rule.rebuild !== null,
  };
}

function summaries(view: View): ProjectSummary[] {
  return Object.values(readOverview(view.store)).flatMap((entry) => {
    const rule = ruleFor(entry.project.name, view.config.rules);
    return rule?.show ? [summaryOf(view, entry, rule)] : [];
  });
}

function recentRuns({ store, work }: View): RunRecord[] {
  const runs = [...work.runs.map(({ record }) => record), ...store.recentRuns(RUNS_SHOWN)];
  return runs.sort((a, b) => b.scheduledAt - a.scheduledAt || b.startedAt - a.startedAt).slice(0, RUNS_SHOWN);
}

/** What is under way, if anything is. */
function progressOf({ work, now }: View): Progress | null {
  const run = work.runs.at(-1)?.record;
  if (run === undefined) return null;
  const walk = work.walks.find(({ forRun }) => forRun);
  if (work.pace.blockedUntil > now)
    return { runId: run.id, phase: 'waiting', done: 0, of: null, endsAt: null };
  if (walk) return { runId: run.id, phase: 'reading', done: walk.read, of: walk.of, endsAt: null };
  if (work.plans.length > 0) return { runId: run.id, phase: 'planning', done: 0, of: null, endsAt: null };
  const remaining = work.queues.reduce((sum, queue) => sum + queue.remaining, 0);
  if (remaining === 0) return { runId: run.id, phase: 'waiting', done: 0, of: null, endsAt: null };
  const { deleted, gone } = run.counts;
  const endsAt = Math.round(now + remaining / allowedRate(work.pace));
  return { runId: run.id, phase: 'deleting', done: deleted + gone, of: deleted + gone + remaining, endsAt };
}

/** What of the configuration never takes effect, in sentences: for the page and the log. */
export function warningsOf({ config, work, store }: Omit<View, 'now'>): string[] {
  if (work.checkedAt === null) return [];
  const names = Object.values(readOverview(store)).map(({ project }) => project.name);
  return config.rules.flatMap((rule, index) => [
    ...projectWarnings(rule, `RULES[${index}]`, names, config.rules),
    ...cronWarnings(rule, `RULES[${index}]`, Object.keys(work.ticks)),
  ]);
}

function projectWarnings(rule: Rule, at: string, names: readonly string[], rules: readonly Rule[]): string[] {
  const matched = names.filter((name) => matchesGlobs(name, rule.projects));
  if (matched.length === 0) return [`${at} matches no project.`];
  if (!matched.some((name) => ruleFor(name, rules) === rule)) {
    return [`${at} never applies: an earlier rule matches all its projects.`];
  }
  const idle = rule.projects.filter(
    (glob) => !glob.startsWith('!') && !names.some((name) => matchesGlobs(name, [glob])),
  );
  return idle.map((glob) => `${at}.projects: "${glob}" matches no project.`);
}

function cronWarnings(rule: Rule, at: string, ticks: readonly string[]): string[] {
  const crons = [rule.rebuild?.cron, ...rule.prune.map((policy) => policy.cron)];
  const silent = crons.filter(
    (cron) => typeof cron === 'string' && ticks.length > 0 && !ticks.includes(cron),
  );
  return silent.map(
    (cron) => `${at} waits for the cron "${cron}", which has not ticked yet: is it in [triggers]?`,
  );
}

/** `/` */
export function readOverviewPage(view: View): Overview {
  const { work } = view;
  return {
    checkedAt: work.checkedAt,
    accountProjects: work.accountProjects,
    projects: summaries(view),
    runs: recentRuns(view),
    trouble: work.trouble,
    progress: progressOf(view),
    warnings: warningsOf(view),
  };
}

/** `/projects/:name`; `null`: no shown project of that name. */
export function readProjectPage(view: View, name: string, query: ProjectQuery): ProjectPage | null {
  const { store, work, now } = view;
  const entry = Object.values(readOverview(store)).find(({ project }) => project.name === name);
  const rule = ruleFor(name, view.config.rules);
  if (entry === undefined || rule === null || !rule.show) return null;
  const { project } = entry;
  const blocks = store.read('projects', project.id)?.inventory?.blocks ?? [];
  const facts = store.read('facts', project.id);
  const filtered = query.branch !== null || query.environment !== null || query.status !== null;
  const rows = pageOfRows(view, blocks, query, filtered);
  const known = entry.count === null ? null : entry.count - (work.gone[project.id] ?? 0);
  const matching = filtered ? rows.matching : known;
  const refusals = store.read('refusals', project.id) ?? {};
  const context =
    facts === null
      ? null
      : contextOf(rule, factsFor(facts, rows.rows), project.canonical?.id ?? null, refusals);
  const branches = Object.entries(facts?.branches ?? {})
    .sort(([, a], [, b]) => (b.newestAt ?? 0) - (a.newestAt ?? 0))
    .map(([key]) => key.slice(2));
  return {
    checkedAt: work.checkedAt,
    summary: summaryOf(view, entry, rule),
    deployments: rows.rows.map((row) => judged(row, context, now) as JudgedDeployment),
    page: query.page,
    pages: Math.max(1, Math.ceil((matching ?? rows.matching) / ROWS_A_PAGE)),
    matching,
    branches: [...new Set(branches)].slice(0, BRANCHES_SHOWN),
    trouble: work.trouble,
    progress: progressOf(view),
  };
}

function matches(row: Deployment, query: ProjectQuery, now: number): boolean {
  return (
    (query.branch === null || row.branch === query.branch) &&
    (query.environment === null || row.environment === query.environment) &&
    (query.status === null || buildStatus(row, now) === query.status)
  );
}

/** The rows of one page; blocks before it are skipped unread where no filter asks for their rows. */
function pageOfRows(
  { store, now }: View,
  blocks: readonly { readonly id: number; readonly n: number }[],
  query: ProjectQuery,
  filtered: boolean,
): { rows: Deployment[]; matching: number } {
  let skip = (query.page - 1) * ROWS_A_PAGE;
  const rows: Deployment[] = [];
  let matching = 0;
  let looked = 0;
  for (const { id, n } of blocks) {
    if (!filtered && skip >= n) {
      skip -= n;
      continue;
    }
    if (looked >= BLOCKS_A_VIEW || (!filtered && rows.length >= ROWS_A_PAGE)) break;
    looked += 1;
    for (const row of store.readBlock(id).reverse()) {
      if (row === null || !matches(row, query, now)) continue;
      matching += 1;
      if (skip > 0) skip -= 1;
      else if (rows.length < ROWS_A_PAGE) rows.push(row);
    }
  }
  return { rows, matching };
}

/** `/runs` */
export function readRunsPage(view: View): RunsPage {
  const { work } = view;
  return {
    checkedAt: work.checkedAt,
    runs: recentRuns(view),
    progress: progressOf(view),
    plan: summaries(view).filter(({ pruned }) => pruned),
    trouble: work.trouble,
    warnings: warningsOf(view),
  };
}

/** `/runs/:id`; `null`: no such run. */
export function readRunPage({ store, work }: View, id: string, page: number): RunPage | null {
  const run = work.runs.find(({ record }) => record.id === id)?.record ?? store.read('runs', id);
  if (run === null || run === undefined) return null;
  const { batches, of } = store.readDeletions(id, (page - 1) * BATCHES_A_PAGE, BATCHES_A_PAGE);
  return { run, deletions: batches.flat(), page, pages: Math.max(1, Math.ceil(of / BATCHES_A_PAGE)) };
}

const STALLED_AFTER_MS = 15 * 60_000;

/** `/healthz`: whether the Keeper itself is well. Names nothing. */
export function readHealth({ work, now }: Pick<View, 'work' | 'now'>): Health {
  const since = { lastRunAt: work.lastRunAt, lastSuccessAt: work.lastSuccessAt };
  const ill = (reason: Health['reason']): Health => ({ ok: false, reason, ...since });
  if (work.trouble?.kind === 'token') return ill('token');
  if (work.pace.blockedUntil > now) return ill('blocked');
  if (work.runs.length > 0 && now - work.actedAt > STALLED_AFTER_MS && !rowsUsedUp(work, now))
    return ill('stalled');
  if (Object.keys(work.ticks).length > 0 && nextOf(work.ticks, now) === null) return ill('overdue');
  return { ok: true, reason: work.lastRunAt === null ? 'starting' : null, ...since };
}
