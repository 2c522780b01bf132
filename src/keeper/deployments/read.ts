// Observing a project: carrying its walk on page by page. Sends GET only.

import type { Deployment, Page } from '../../pages-api/model.ts';
import { MAX_WALK_AGE_MS } from '../../policy/gate.ts';
import { type Calls, inFlight, listPage } from '../calls.ts';
import type { Context } from '../context.ts';
import { isLong, readingsDue } from '../due.ts';
import { inPart } from '../part.ts';
import { blocksOf, usableInventory } from '../store/inventory.ts';
import { endReading, toTheBack } from '../tasks.ts';
import type { Task } from '../work.ts';
import { type Attempt, beginAgain, beginWalk } from './attempt.ts';
import { closeWalk, isSinglePage } from './close.ts';
import { commit } from './commit.ts';
import { addPage } from './page.ts';
import { recallPage } from './recall.ts';
import { afterFailure, leave, walkAgain } from './retry.ts';
import { dropWalk, knownRows, readKnownHead, stageFacts, stageWalk } from './stage.ts';
import type { KnownRow, Place } from './walk.ts';

/** Known rows found missing by one walk: as many as one value holds. */
const MOST_MISSING = 4_000;

/** Goes on reading the deployments of the projects that need it, several at a time. */
export async function advanceWalks(context: Context, calls: Calls): Promise<void> {
  await inFlight(nextReadings(context), ([id, task]) =>
    inPart(context, { id, name: task.name }, () => advanceWalk(context, calls, id)),
  );
}

/** No plan may rest on what was begun so long ago. */
const isTooOld = (startedAt: number, now: number) => now - startedAt > MAX_WALK_AGE_MS;

/**
 * The readings whose turn it is: those that were not begun, then all short ones, and the long one that was begun first. What is too old
 * to go on with begins anew, and only once no other is under way: in an account of a thousand projects they would begin in turns and
 * never end.
 */
function nextReadings({ work, now }: Context): [id: string, task: Task][] {
  const due = readingsDue(work, now());
  const {
    fresh = [],
    short = [],
    long = [],
  } = Object.groupBy(due, ([, { reading }]) => {
    if (isLong(reading)) return 'long';
    return reading?.pages === 0 ? 'fresh' : 'short';
  });
  const begunAt = ([, { reading }]: [string, Task]) => reading?.begunAt ?? 0;
  const goesOn = long.filter((one) => !isTooOld(begunAt(one), now()));
  const [first] = (goesOn.length > 0 ? goesOn : long).sort((a, b) => begunAt(a) - begunAt(b));
  return [...fresh, ...short, ...(first ? [first] : [])];
}

async function advanceWalk(context: Context, calls: Calls, id: string): Promise<void> {
  const { store, work } = context;
  // In a large account most of them: nothing of theirs is even looked at.
  if (!calls.isListLeft()) return;
  const reading = work.tasks.get(id)?.reading;
  const state = store.read('projects', id);
  if (state === null || !reading) {
    endReading(work, id);
    return;
  }
  const stored = store.read('walks', id);
  const tooOld = stored !== null && isTooOld(stored.startedAt, context.now());
  if (tooOld) dropWalk(store, id);
  const walk = stored === null || tooOld ? beginWalk(context, state) : stored;
  const attempt: Attempt = { context, reading, state, walk, known: null };
  const isWanted = () => work.tasks.get(id)?.reading === reading && reading.due <= context.now();
  while (isWanted()) if (!(await readPage(attempt, calls))) break;
  // One that was begun and had no call left is begun again: there is nothing of it to store.
  const isBegun = stored !== null || attempt.walk !== walk;
  if (!isBegun || work.tasks.get(id)?.reading !== reading) return;
  keepWalk(attempt);
  if (isLong(reading)) toTheBack(work, id);
}

/** Stores how far a walk has come, in one go: its blocks are never without the row that knows of them. */
function keepWalk({ context, reading, state, walk }: Attempt): void {
  const { store } = context;
  const { id } = state.project;
  const staged = store.atomically(() => {
    const kept = stageFacts(store, id, stageWalk(store, walk));
    store.write('walks', id, kept);
    return kept;
  });
  const { kind, rows, firstTotal, page, startedAt } = staged;
  // How many are new since the last time nobody knows before what is known is met.
  const of = kind === 'full' ? firstTotal : null;
  Object.assign(reading, { read: rows, of, pages: page - 1, begunAt: startedAt });
}

/** Reads one page; `false`: no more now. */
async function readPage(attempt: Attempt, calls: Calls): Promise<boolean> {
  const { context, state, walk } = attempt;
  const { phase, page } = walk;
  const number = phase === 'close' ? 1 : page;
  const answer = await listPage(context, calls, state.project, number);
  if (answer.kind === 'spent') return false;
  if (answer.kind === 'failed') return afterFailure(attempt, answer.error);
  if (walk.perPage !== context.work.api.perPage) {
    // Pages of another size do not join: begun again, by what the account was found to take.
    beginAgain(attempt, { attempt: walk.attempt });
    if (number !== 1) return true;
  }
  takePage(attempt, answer.value);
  return true;
}

function takePage(attempt: Attempt, page: Page<Deployment>): void {
  const { context, state, walk } = attempt;
  if (page.projectId !== null && page.projectId !== state.project.id) {
    leave(attempt, 'another project has its name now');
    return;
  }
  if (walk.phase === 'close') {
    close(attempt, page);
    return;
  }
  const inventory = usableInventory(state);
  if (walk.kind === 'head' && inventory) attempt.known ??= readKnownHead(context.store, inventory);
  const expected = expectedRows(attempt);
  const recalled = recallPage(walk, page, expected);
  const step = addPage(recalled.walk, recalled.page, attempt.known, expected);
  if (step.kind === 'again') {
    walkAgain(attempt, step.why, { unordered: step.unordered });
    return;
  }
  attempt.walk = step.kind === 'more' ? step.walk : { ...step.walk, phase: 'close' };
  // That many are not remembered: what is known to be gone is marked, and the rest is looked for anew.
  if (step.walk.missing.length > MOST_MISSING) {
    walkAgain(attempt, `${MOST_MISSING} and more that were known are not there any more`, {
      unordered: walk.unordered,
    });
    return;
  }
  if (step.kind === 'complete' && isSinglePage(step.walk)) close(attempt, null);
}

/** Of an account in no order every id is remembered: read to its end, known rows that are not among them were not there. */
function unseen({ context, state, walk }: Attempt): Place[] {
  const seen = new Set(walk.recent);
  if (!walk.unordered || walk.firstTotal === null || seen.size < walk.firstTotal) return [];
  const blocks = blocksOf(state);
  return blocks.flatMap(({ id: block }) =>
    context.store.readBlock(block).flatMap(({ id }) => (id === '' || seen.has(id) ? [] : [{ block, id }])),
  );
}

/** The known rows that come next, by their place. */
function expectedRows({ context, state, walk, known }: Attempt): readonly KnownRow[] {
  // In no order a known row may be anywhere.
  if (walk.unordered) return knownRows(context.store, blocksOf(state), null, { all: true });
  if (walk.passed === null && known !== null) return known.rows;
  return knownRows(context.store, blocksOf(state), walk.passed);
}

function close(attempt: Attempt, again: Page<Deployment> | null): void {
  const { context, state } = attempt;
  const walk = { ...attempt.walk, missing: [...attempt.walk.missing, ...unseen(attempt)] };
  attempt.walk = walk;
  const inventory = usableInventory(state);
  const gone = context.work.tasks.get(state.project.id)?.gone ?? 0;
  const closed = closeWalk(walk, again, (inventory?.count ?? 0) - gone);
  if ('invalid' in closed) walkAgain(attempt, closed.invalid, { unordered: walk.unordered });
  else commit(attempt, closed.newer, { valid: true });
}
