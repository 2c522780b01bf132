// Committing a complete walk: it is what is known from here on, and what waited for it goes on. Synchronous; calls nothing.

import type { Deployment } from '../../pages-api/model.ts';
import { branchOf } from '../../policy/facts.ts';
import { policyFor, ruleFor } from '../../policy/rules.ts';
import { isStale } from '../../policy/verdict.ts';
import { noteProject } from '../store/overview.ts';
import { endReading, replan, taskOf } from '../tasks.ts';
import { type Attempt, beginAgain } from './attempt.ts';
import { mergeWalk, type News } from './merge.ts';

/**
 * Commits a walk that was read to its end, and has the run that waited for it plan. `newer`: rows that came on top while it
 * ran. Not `valid`: no plan may rest on it, so it is for the page only.
 */
export function commit(
  attempt: Attempt,
  newer: readonly Deployment[],
  { valid }: { readonly valid: boolean },
): void {
  const { context, walk } = attempt;
  const { store, work } = context;
  const { id } = attempt.state.project;
  const before = store.read('projects', id) ?? attempt.state;
  if ((before.inventory?.generation ?? null) !== walk.from) {
    // Two may never be committed beside each other: a project's rows would stand twice.
    beginAgain(attempt, { attempt: walk.attempt });
    return;
  }
  const news = store.atomically(() => {
    const found = mergeWalk(store, before, walk, newer, { valid });
    store.write('projects', id, { ...before, inventory: found.inventory });
    return found;
  });
  noteProject(context, { ...before, inventory: news.inventory });
  endReading(work, id);
  const prune = taskOf(work, id)?.prune ?? null;
  if (walk.kind === 'full' && prune?.step !== 'reading') dropMarks(attempt);
  if (!valid || prune === null) return;
  const isMoot = prune.step === 'reading' || walk.kind === 'full' || prune.step === 'planning';
  if (isMoot || (prune.step === 'deleting' && touches(attempt, news, prune.queue.basis.at))) replan(work, id);
}

/** After everything was read anew no block holds a deleted row. */
function dropMarks({ context, state }: Attempt): void {
  const task = taskOf(context.work, state.project.id);
  if (task) task.gone = 0;
}

/** Whether what a plan took for settled is not: a stale branch came alive, or a known row reads otherwise. */
function touches({ context, state }: Attempt, { before, walked, changed }: News, at: number): boolean {
  // One that nobody can place may be of any branch.
  if (changed.length > 0 || walked.strayAt !== 0) return true;
  const policies = ruleFor(state.project.name, context.config.rules)?.prune ?? [];
  return Object.keys(walked.branches).some((key) => {
    const { environment, branch } = branchOf(key);
    const policy = policyFor(policies, environment, branch);
    return policy !== null && before !== null && isStale({ environment, branch }, before, policy, at);
  });
}
