// The tasks: how what is under way about a project goes from one step to the next. No other file assigns a step.
//
//   wantPrune ─► waiting ─► reading ─────► compacting ────► planning ────► deleting ─► over
//                due        deployments/   prune/plan       prune/judge    prune/delete
//                  ▲             commit: replan ▲  startPlanning  startDeleting  │
//                  └── renew ───────────────────┴── replan ◄─────────────────────┘
//
// What has no queue yet does not wait. `renew`: what the plan rests on has changed. `replan`: it was read just now. Each step is
// carried on by the file below it, once an alarm, in the order of alarm.ts.
//
// Pure data in, changed in place; nothing is called, stored or judged here.

import type { Owed, Planning, Prune, Queue, Task, Work } from './work.ts';

/** What is under way about projects. */
type Tasks = Pick<Work, 'tasks' | 'turns'>;

function ensure(work: Tasks, id: string, name: string): Task {
  const task = work.tasks.get(id) ?? { name, reading: null, prune: null, gone: 0, git: null };
  work.tasks.set(id, task);
  return task;
}

/** Forgets a task of which nothing is left. */
function tidy(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  const isOver = task?.reading === null && task.prune === null && task.gone === 0 && !task.git;
  if (isOver) work.tasks.delete(id);
}

/** It has its turn now: the next is all others'. */
export function toTheBack(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  if (task === undefined) return;
  work.turns += 1;
  task.turn = work.turns;
  work.tasks.delete(id);
  work.tasks.set(id, task);
}

/** Has a project's deployments read. */
export function wantReading(
  work: Tasks,
  project: { readonly id: string; readonly name: string },
  reader: 'run' | 'view',
): void {
  const task = ensure(work, project.id, project.name);
  if (task.reading === null) task.reading = { for: reader, due: 0, read: 0, of: null, pages: 0, begunAt: 0 };
  else if (reader === 'run') task.reading.for = 'run';
}

/** The reading is over, however it went. */
export function endReading(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  if (task) task.reading = null;
  tidy(work, id);
}

/** Has Git asked about a project, before it is planned. */
export function wantGit(
  work: Tasks,
  project: { readonly id: string; readonly name: string },
  run: string,
): void {
  ensure(work, project.id, project.name).git = { run, due: 0 };
}

/** Git was asked, whatever came of it. */
export function endGit(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  if (task) task.git = null;
  tidy(work, id);
}

/** The queue that a task has, be it served or given up. */
export function queueOf(task: Task | undefined): Queue | null {
  const prune = task?.prune ?? null;
  if (prune === null || prune.step === 'planning') return null;
  return prune.step === 'deleting' ? prune.queue : prune.lost;
}

/** The queue that is being worked off. */
export function servedQueue(task: Task | undefined): Queue | null {
  return task?.prune?.step === 'deleting' ? task.prune.queue : null;
}

/** For whom a project is pruned; `null`: for nobody, or it is not. */
export function owedOf(task: Task | undefined): Owed | null {
  return task?.prune?.for ?? null;
}

/** Whether a run waits for a task. */
export function isOwed(task: Task, run: string): boolean {
  return owedOf(task)?.run === run || task.git?.run === run;
}

/**
 * Has a project read and then planned: for a new run, or again for the same one. It takes over what an earlier run still
 * owed; an earlier queue goes no further.
 */
export function wantPrune(
  work: Tasks,
  project: { readonly id: string; readonly name: string },
  owed: Owed,
): void {
  const task = ensure(work, project.id, project.name);
  const crons = [...new Set([...(task.prune?.for?.crons ?? []), ...owed.crons])];
  const whom = { run: owed.run, crons };
  const lost = queueOf(task);
  const waits = lost !== null && task.reading === null;
  task.prune = waits ? { step: 'waiting', for: whom, due: 0, lost } : { step: 'reading', for: whom, lost };
  task.renewed = 0;
  if (!waits) wantReading(work, project, 'run');
}

/** Its turn has come: what has a queue is read and planned again. */
export function endWaiting(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  if (task?.prune?.step !== 'waiting') return;
  task.prune = { step: 'reading', for: task.prune.for, lost: task.prune.lost };
  wantReading(work, { id, name: task.name }, 'run');
}

/** Has a project read and planned again for the same run: what its plan rested on has changed. */
export function renew(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  const owed = owedOf(task);
  if (!task || !owed) return;
  const { renewed = 0 } = task;
  wantPrune(work, { id, name: task.name }, owed);
  task.renewed = renewed + 1;
}

/** Has a project that was read just now planned anew: what its plan rested on has changed. */
export function replan(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  if (task?.prune) task.prune = { step: 'compacting', for: task.prune.for, next: 0, lost: queueOf(task) };
}

/** For whom a plan is made that nobody carries out. */
const LOOK: Owed = { run: null, crons: [] };

/** Has what goes next counted, where nothing else is done in the project. */
export function wantForecast(work: Tasks, project: { readonly id: string; readonly name: string }): void {
  const task = ensure(work, project.id, project.name);
  task.prune ??= { step: 'compacting', for: LOOK, next: 0, lost: null };
}

/**
 * Nothing more is pruned in this project for its run. Blocks that hold deleted rows are still put in order, and what a queue
 * has left undone goes next: that is counted.
 */
export function endPrune(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  if (!task) return;
  const isChanged = task.gone > 0 || queueOf(task) !== null;
  task.prune = isChanged ? { step: 'compacting', for: LOOK, next: 0, lost: null } : null;
  tidy(work, id);
}

/** Blocks that could not be put in order stay as they are, until their project is planned again. */
export function leaveBlocks(work: Tasks, id: string): void {
  const task = work.tasks.get(id);
  if (task?.prune?.step === 'compacting' && task.prune.for.run === null) task.prune = null;
}

/** The blocks are in order: now the plan. */
export function startPlanning(work: Tasks, id: string, making: Planning): void {
  const task = work.tasks.get(id);
  if (task?.prune?.step !== 'compacting') return;
  task.prune = { step: 'planning', for: task.prune.for, making };
}

/** The plan stands: it is carried out. */
export function startDeleting(work: Tasks, id: string, queue: Queue): void {
  const task = work.tasks.get(id);
  if (task?.prune?.step !== 'planning') return;
  task.prune = { step: 'deleting', for: task.prune.for, queue };
}

/** Whether a task is at a step that needs no call, and waits for nothing. */
export function needsPlanning(task: Task): boolean {
  const step: Prune['step'] | undefined = task.prune?.step;
  return task.reading === null && !task.git && (step === 'compacting' || step === 'planning');
}
