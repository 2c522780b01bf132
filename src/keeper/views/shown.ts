// The projects that the rules of this moment show, as the overview's index knows them: found, counted and put in order without
// their entries. Reads only.

import { type Rule, ruleFor } from '../../policy/rules.ts';
import { byNeed, projectStatus } from '../../policy/standing.ts';
import type { OverviewQuery } from '../../reads.ts';
import type { ProjectStanding } from '../../report.ts';
import { type NextOfRule, nextByRule, nextOfRule } from '../next-run.ts';
import { goesNext, leftOf } from '../prune/forecast.ts';
import type { OverviewEntry } from '../store/overview-entry.ts';
import { type IndexEntry, readIndex } from '../store/overview-index.ts';
import { statusAt } from '../store/scan.ts';
import type { View } from './view.ts';

/** A shown project: its id, its rule, and how it stands. */
export interface Shown {
  readonly id: string;
  readonly rule: Rule;
  readonly standing: ProjectStanding;
}

function standingOf(view: View, entry: IndexEntry, rule: Rule, next: NextOfRule): ProjectStanding {
  const { work, config, now } = view;
  const { id, name, hasSource, live, failedSinceLive, newestFailed, rolledBack, count, retryAt } = entry;
  const task = work.tasks.get(id);
  const latest = entry.latest && {
    environment: entry.latest.environment,
    createdAt: entry.latest.createdAt,
    status: statusAt(entry.latest.kind, entry.latest.createdAt, now),
  };
  const { nextRebuildAt } = retryAt !== null && retryAt > now ? nextOfRule(work, rule, now, retryAt) : next;
  const { nextPruneAt } = next;
  return {
    name,
    live,
    latest,
    failedSinceLive,
    newestFailed,
    rolledBack,
    nextRebuildAt: hasSource ? nextRebuildAt : null,
    nextPruneAt,
    behindSince: work.looked.behind[id]?.since ?? null,
    status: projectStatus({ live, latest, failedSinceLive, newestFailed }),
    total: count === null ? null : count - (task?.gone ?? 0),
    next: goesNext(view, id, entry.plan, nextPruneAt),
    left: leftOf(task),
    dryRun: config.dryRun || rule.dryRun,
    pruned: rule.prune.length > 0,
    rebuilt: rule.rebuild !== null && hasSource,
  };
}

/** All of them, what needs attention first. */
export function shownProjects(view: View): Shown[] {
  const nextOf = nextByRule(view);
  const shown = readIndex(view.store).flatMap((entry) => {
    const rule = ruleFor(entry.name, view.config.rules);
    if (!rule?.show) return [];
    return [{ id: entry.id, rule, standing: standingOf(view, entry, rule, nextOf(rule)) }];
  });
  return byNeed(shown);
}

/** How the shown project of this name stands; `null`: there is none. */
export function readStanding(view: View, name: string): ProjectStanding | null {
  const rule = ruleFor(name, view.config.rules);
  const entry = rule?.show ? readIndex(view.store).find((one) => one.name === name) : undefined;
  return entry === undefined || rule === null ? null : standingOf(view, entry, rule, nextByRule(view)(rule));
}

/** Those of them that a viewer asked for, in the order that was asked for. */
export function findShown(shown: readonly Shown[], { find, status, order }: OverviewQuery): Shown[] {
  const words = find?.toLowerCase() ?? null;
  if (words === null && status === null && order === 'need') return [...shown];
  const found = shown.filter(
    ({ standing }) =>
      (words === null || standing.name.toLowerCase().includes(words)) &&
      (status === null || standing.status === status),
  );
  if (order === 'need') return found;
  const at = ({ standing }: Shown) => standing.latest?.createdAt ?? 0;
  return found.sort((a, b) => at(b) - at(a));
}

/** What is known of the shown project of this name; `null`: there is none. */
export function findEntry(
  { store, config }: Pick<View, 'store' | 'config'>,
  name: string,
): { readonly entry: OverviewEntry; readonly rule: Rule } | null {
  const rule = ruleFor(name, config.rules);
  const id = rule?.show ? readIndex(store).find((one) => one.name === name)?.id : undefined;
  const entry = id === undefined ? null : store.read('overview', id);
  return entry === null || rule === null ? null : { entry, rule };
}
