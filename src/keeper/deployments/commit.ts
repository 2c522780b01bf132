// Committing a complete walk: it is what is known from here on, and what waited for it goes on. Synchronous; calls nothing.

import type { Deployment } from '../../pages-api/model.ts';
import { branchKey, branchOf, type ProjectFacts } from '../../policy/facts.ts';
import { checkReading } from '../../policy/gate.ts';
import { policiesFor, policyFor } from '../../policy/rules.ts';
import { withSign } from '../../policy/signs.ts';
import { isStale } from '../../policy/whole-branch.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { noteEnded } from '../news.ts';
import { countBuilds } from '../quotas.ts';
import { noteOutcome } from '../runs.ts';
import { isUnchanged } from '../store/inventory.ts';
import { noteProject } from '../store/overview.ts';
import { endReading, owedOf, replan, wantForecast } from '../tasks.ts';
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
    const isSame = !found.wrote && isUnchanged(before.inventory, found.inventory);
    if (!isSame) store.write('projects', id, { ...before, inventory: found.inventory });
    return { ...found, isSame };
  });
  // Nothing is written for a project in which nothing happened: only when it was read is known, beside what is under way.
  if (news.isSame) work.looked.readAt[id] = walk.startedAt;
  else {
    delete work.looked.readAt[id];
    noteProject(context, { ...before, inventory: news.inventory });
  }
  noteEnded(context, before.project.name, before.inventory, news.inventory);
  // What is uploaded is built elsewhere.
  if (before.project.source !== null)
    countBuilds(work.quota, before.inventory?.builds ?? [], news.inventory.builds, context.now());
  noteRead(attempt, walk.rows + newer.length);
  endReading(work, id);
  const prune = work.tasks.get(id)?.prune ?? null;
  if (walk.kind === 'full') dropMarks(attempt);
  tell(attempt, before.inventory?.strange ?? []);
  if (!valid) return;
  const implausible = checkReading(walk.reread);
  if (prune === null) {
    if (implausible === null) wantForecast(work, attempt.state.project);
    return;
  }
  if (implausible !== null) {
    leaveOutPrune(context, attempt.state.project, implausible);
    return;
  }
  const isMoot = walk.kind === 'full' || ['waiting', 'reading', 'planning'].includes(prune.step);
  if (isMoot || (prune.step === 'deleting' && touches(attempt, news, prune.queue.basis.at))) replan(work, id);
  else if (prune.step === 'deleting') {
    const { generation } = news.isSame ? prune.queue.basis : news.inventory;
    prune.queue.basis = { ...prune.queue.basis, generation };
  }
}

/** Counts what was read for a run: for the newest one, of which it is told how far it is. */
function noteRead({ context, reading }: Attempt, many: number): void {
  const run = context.work.runs.at(-1);
  if (reading.for === 'run' && run !== undefined) run.read = (run.read ?? 0) + many;
}

/** Says what is strange about what was read: once, in the log and in the run for which it was read. */
function tell({ context, state, walk }: Attempt, told: readonly string[]): void {
  const { work, log } = context;
  const { id, name } = state.project;
  const words = walk.strange.filter((word) => !told.includes(word));
  const texts = [
    ...(words.length > 0
      ? [
          `deployments are kept, for the API says of them what this version does not know (${words.join(', ')})`,
        ]
      : []),
    ...(walk.contradicted > 0
      ? [`the API contradicts what it said before of ${walk.contradicted} deployments: they are kept`]
      : []),
  ];
  const run = owedOf(work.tasks.get(id))?.run ?? null;
  for (const text of texts) {
    log({ level: 'warn', event: 'strange', project: name, text });
    if (run !== null) noteOutcome(work, run, { warning: { project: name, text } });
  }
}

/** After everything was read anew no block holds a deleted row. */
function dropMarks({ context, state }: Attempt): void {
  const task = context.work.tasks.get(state.project.id);
  if (task) task.gone = 0;
}

/** Whether what a plan took for settled is not: a stale branch came alive, or a known row reads otherwise. */
function touches({ context, state }: Attempt, { before, walked, changed }: News, at: number): boolean {
  // One that nobody can place may be of any branch.
  if (changed.length > 0 || walked.strayAt !== 0) return true;
  const policies = policiesFor(state.project.name, context.config.rules);
  const isStaleBy = (key: string, facts: ProjectFacts | null) => {
    const { environment, branch } = branchOf(key);
    const policy = policyFor(policies, environment, branch);
    return policy !== null && facts !== null && isStale({ environment, branch }, facts, policy, at);
  };
  // What Git says of a branch is told by its deployments too.
  const isAsked = (key: string) => {
    const { environment, branch } = branchOf(key);
    return (
      environment === 'preview' &&
      (policyFor(policies, environment, branch)?.goneBranchesAfterDays ?? null) !== null
    );
  };
  if (Object.keys(walked.branches).some((key) => isAsked(key) || isStaleBy(key, before))) return true;
  // Named by the list of projects, and not there yet in this one.
  const { latest } = state.project;
  if (latest === null) return false;
  const key = branchKey(latest.environment, latest.branch);
  const now = context.store.readFacts(state.project.id, [key]);
  return isStaleBy(key, now) && now !== null && !isStaleBy(key, withSign(now, latest));
}
