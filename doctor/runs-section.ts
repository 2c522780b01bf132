// The rebuilds and the first runs, in lines for a terminal. Pure.

import { count, plural } from '../src/words/text.ts';
import { clock, duration, relative } from '../src/words/time.ts';
import { skipReasonWords } from '../src/words/verdicts.ts';
import type { Account, Conclusion, Configured } from './findings.ts';
import type { FirstRun } from './first-runs.ts';
import type { ProjectPlan } from './project-plan.ts';
import { FREE_BUILDS, MONTH_DAYS } from './schedule.ts';
import { table } from './table.ts';

/** "Rebuilds": the decision as of now, and the builds of a month. */
export function rebuildsSection({ plans, monthly }: Account): string[] {
  const rebuilt = plans.filter(({ rule }) => rule.rebuild !== null);
  if (rebuilt.length === 0) return ['Rebuilds', '  no rule asks for any'];
  const rows = rebuilt.map((plan) => [
    plan.project.name,
    plan.rebuild?.branch ?? '',
    decisionOf(plan),
    monthly.byProject.has(plan) ? `${count(monthly.byProject.get(plan) ?? 0)} a month` : '',
  ]);
  const limited = monthly.limited ? ' (REBUILDS_PER_MONTH)' : '';
  // How often the content changes, nobody knows.
  const most = rebuilt.some(({ rule }) => rule.rebuild?.ifChanged) ? 'at most ' : '';
  return [
    'Rebuilds, as of now',
    ...table(rows),
    `  ${most}${plural(monthly.total, 'build')} in ${MONTH_DAYS} days at this schedule if nobody pushes${limited}; Pages Free includes ${FREE_BUILDS} a month, pushes and all projects together`,
  ];
}

function decisionOf({ rule, rebuild, lastBuiltAt, reading, now }: ProjectPlan): string {
  if (rebuild === null)
    return reading?.kind === 'unread' ? 'not known: its deployments could not be read' : '';
  const { decision } = rebuild;
  const built = lastBuiltAt === null ? 'never built' : `built ${relative(lastBuiltAt, now)}`;
  if (decision.kind !== 'skip') return `would be built (${built})`;
  switch (decision.reason) {
    case 'direct-upload':
      return 'never: a Direct Upload, which the API cannot build';
    case 'building':
      return 'not now: a build is under way';
    case 'fresh':
      return `not now: ${built}, ifOlderThanMinutes is ${rule.rebuild?.ifOlderThanMinutes}`;
    case 'failing':
      return 'not now: the newest builds of its commit failed, three or more in a row';
    case 'limit':
      return 'not now: REBUILDS_PER_MONTH';
    case 'dry-run':
      return `would be built without ${rule.dryRun ? "its rule's dryRun" : 'DRY_RUN'} (${built})`;
    default:
      return `not now: ${skipReasonWords(decision.reason)}`;
  }
}

/** "The first run": of each cron, what it deletes and builds, and what that takes. */
export function firstRunsSection({ runs, rate }: Account, { config, now }: Configured): string[] {
  const dry = config.dryRun ? ', once DRY_RUN is false' : '';
  return [
    `The first run of each cron${dry}`,
    ...table(
      runs.map((run) => [
        `"${run.cron}"`,
        run.at === null ? 'time not known' : clock(run.at, now),
        `deletes ${run.deletes === 0 ? 'nothing' : count(run.deletes)}${run.later > 0 ? ` and leaves ${count(run.later)} to later runs` : ''}`,
        `starts ${run.builds === 0 ? 'no build' : plural(run.builds, 'build')}`,
        `about ${plural(run.calls, 'call')}`,
        duration(run.calls / rate),
      ]),
    ),
    `  at ${Number((rate * 1_000).toFixed(1))} calls a second: 0.9 of what the API allows`,
  ];
}

/** What is nothing is not said. */
function whatItDoes({ deletes, projects, builds, calls }: FirstRun, rate: number): string {
  const parts = [
    ...(deletes > 0 ? [`delete ${plural(deletes, 'deployment')} of ${plural(projects, 'project')}`] : []),
    ...(builds > 0 ? [`start ${plural(builds, 'build')}`] : []),
  ];
  return parts.length === 0 ? 'change nothing' : `${parts.join(' and ')}, in about ${duration(calls / rate)}`;
}

/** The end: what is worth knowing, what must be fixed, and one line with the verdict. */
export function verdictSection(
  { must, mind }: Conclusion,
  first: FirstRun | null,
  { config, now, rate }: Pick<Configured, 'config' | 'now'> & { readonly rate: number },
): string[] {
  const minds = mind.length === 0 ? [] : ['Note', ...mind.map((sentence) => `  ${sentence}`), ''];
  if (must.length > 0 || first === null) return [...minds, ...notReady(must)];
  const when = first.at === null ? '' : ` at ${clock(first.at, now)}`;
  const does = whatItDoes(first, rate);
  return [
    ...minds,
    config.dryRun
      ? `Ready: DRY_RUN is true, so the first run${when} changes nothing. With DRY_RUN = false it would ${does}.`
      : `Ready: the first run${when} would ${does}.`,
  ];
}

/** The verdict where something must be fixed first. */
export function notReady(must: readonly string[]): string[] {
  return [
    `Not ready: ${plural(must.length, 'thing')} to fix first.`,
    ...must.map((sentence) => `  ${sentence}`),
  ];
}
