// Builds that hooks and the button ask for: stored when they are called, made rebuilds when they are due, held at six an hour.
// They can build, and plan and delete nothing. Calls nothing.

import type { Asked, BuildRequest } from '../../asks.ts';
import type { Project } from '../../pages-api/model.ts';
import {
  dueAt,
  LOOKS_EVERY_MS,
  nextBuildAt,
  recentOf,
  WAITS_MS,
  type Wait,
  withCall,
} from '../../policy/hooks.ts';
import { ruleFor } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import { askedRunId, newRun, noteOutcome } from '../runs.ts';
import type { HookRow } from '../store/documents.ts';
import { readIndex } from '../store/overview-index.ts';
import type { Store } from '../store/store.ts';
import type { View } from '../views/view.ts';
import { addRebuild } from './open.ts';
import { askedKey, type Rebuild } from './rebuild.ts';

const NOTHING: HookRow = { waits: [], started: [] };

const rowOf = (store: Store, id: string) => store.read('hooks', id) ?? NOTHING;
const isAsked = ({ by }: Rebuild) => by === 'hook' || by === 'button';

/** Takes a call: what is to be answered, stored where it is new. `stored`: the alarm must be set. */
export function takeCall(
  { store, work, config, now }: View,
  { project: name, branch: named, by }: BuildRequest,
): { readonly answer: Asked; readonly stored: boolean } {
  const refuse = (kind: 'starting' | 'unknown' | 'no-source' | 'full') =>
    ({ answer: { kind }, stored: false }) as const;
  if (work.looked.checkedAt === null) return refuse('starting');
  const rule = ruleFor(name, config.rules)?.rebuild;
  const project = rule?.hook ? projectNamed(store, name) : null;
  if (!rule || project === null) return refuse('unknown');
  if (project.source === null) return refuse('no-source');
  const branch = named ?? rule.branch ?? project.productionBranch;
  const row = rowOf(store, project.id);
  const waits = withCall(row.waits, { branch, by, now });
  if (waits === null) return refuse('full');
  if (waits !== row.waits) store.write('hooks', project.id, { ...row, waits });
  const at = dueAt(waits.find((one) => one.branch === branch) as Wait);
  work.hookAt = Math.min(work.hookAt ?? at, at);
  return { answer: { kind: 'asked', project: name, branch, buildAt: at }, stored: waits !== row.waits };
}

function projectNamed(store: Store, name: string): Project | null {
  const entry = readIndex(store).find((one) => one.name === name);
  return entry === undefined ? null : (store.read('projects', entry.id)?.project ?? null);
}

/** Makes rebuilds of the calls that are due, each with a run of its own. */
export function startAsked(context: Context): void {
  const { store, work, now } = context;
  if (work.hookAt === null || work.hookAt > now()) return;
  let next: number | null = null;
  for (const id of store.hookIds()) {
    const row = rowOf(store, id);
    const due = row.waits.filter((one) => dueAt(one) <= now());
    for (const wait of due) start(context, id, wait);
    const waits = row.waits.filter((one) => !due.includes(one));
    for (const one of waits) next = Math.min(next ?? dueAt(one), dueAt(one));
    const started = recentOf(row.started, now());
    if (waits.length === 0 && started.length === 0) store.remove('hooks', id);
    else store.write('hooks', id, { waits, started });
  }
  work.hookAt = next;
}

function start({ store, work, config, now }: Context, id: string, { branch, by, firstAt }: Wait): void {
  const name = store.read('projects', id)?.project.name;
  if (name === undefined) return;
  // One that waits for its turn has not been decided: its deployments are read again, and it is built for these calls too.
  const open = work.rebuilds.find(
    (one) =>
      one.project === id &&
      one.branch === branch &&
      one.state.is === 'waiting' &&
      isAsked(one) &&
      one.failed === undefined,
  );
  if (open !== undefined) {
    open.state = { is: 'waiting', again: true };
    return;
  }
  const record = newRun({ cron: 'hook', scheduledTime: firstAt }, now(), config.dryRun);
  const run = { ...record, id: askedRunId(firstAt, id, branch) };
  work.runs.unshift({ record: run, listed: true, sent: 0 });
  addRebuild(work, {
    ...{ key: askedKey(firstAt, id, branch), run: run.id, project: id, name, branch, by },
    ...{ scheduledAt: firstAt, due: now(), state: { is: 'waiting', again: true } },
  });
}

/** Whether six builds of its project were started within the hour: then it is decided at the end of that. */
export function isHeld({ store, work, now }: Context, rebuild: Rebuild): boolean {
  if (!isAsked(rebuild)) return false;
  const at = nextBuildAt(rowOf(store, rebuild.project).started, now());
  if (at <= now()) return false;
  rebuild.due = at;
  rebuild.state = { is: 'waiting', again: true };
  const text =
    'six builds were asked for by hooks within an hour, the most there may be: the next one waits for its end';
  noteOutcome(work, rebuild.run, { warning: { project: rebuild.name, text } });
  return true;
}

/** Counts one that is started. */
export function noteAsked({ store, now }: Context, rebuild: Rebuild): void {
  if (!isAsked(rebuild)) return;
  const row = rowOf(store, rebuild.project);
  store.write('hooks', rebuild.project, {
    ...row,
    started: [...recentOf(row.started, now()), now()].slice(-6),
  });
}

/** Takes one back that was counted, and is to be posted later. */
export function takeBackAsked({ store }: Pick<Context, 'store'>, rebuild: Rebuild): void {
  if (!isAsked(rebuild)) return;
  const row = rowOf(store, rebuild.project);
  store.write('hooks', rebuild.project, { ...row, started: row.started.slice(0, -1) });
}

/** Whether a build under way is waited for: looked at once a minute, for an hour. */
export function waitsOn({ now }: Context, rebuild: Rebuild): boolean {
  // What is under way is newer than the build that failed.
  if (!isAsked(rebuild) || rebuild.failed !== undefined || now() - rebuild.scheduledAt >= WAITS_MS)
    return false;
  rebuild.due = now() + LOOKS_EVERY_MS;
  rebuild.state = { is: 'waiting', again: true };
  return true;
}
