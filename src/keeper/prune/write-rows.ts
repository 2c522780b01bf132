// Writing the rows of a plan's queue, some blocks an alarm. Of an earlier queue a row stands where this plan holds the same in
// its place, so that only what has changed is written; each is held against this plan, and what it does not hold goes. Decides
// nothing, calls nothing.

import type { Store } from '../store/store.ts';
import type { Planning, WrittenRows } from '../work.ts';
import { LANES, type QueueItem } from './rows.ts';

/** Earlier rows among which the one that begins with a deployment is looked for: those before it are given up with it. */
const LOOKED_AHEAD = 4;
const READ_AT_ONCE = 50;

/** Whose rows they are. */
interface Place {
  readonly store: Store;
  readonly id: string;
  readonly plan: number;
}

/** A lane that a plan writes into. */
export type Lane = keyof Planning['rows'];

/** Of a plan that has not begun. */
export const NO_ROWS: Planning['rows'] = {
  planned: { kept: 0, last: 0, n: 0 },
  forced: { kept: 0, last: 0, n: 0 },
};

/** How far the rows are when a plan begins: whatever is there by its number is an earlier queue's. */
export function rowsBefore({ store, id, plan }: Place): Planning['rows'] {
  const before = (lane: Lane) => ({ kept: 0, last: store.nextSeq(id, plan, LANES[lane]) - 1, n: 0 });
  return { planned: before('planned'), forced: before('forced') };
}

/** Puts more deletions into the rows of a lane, up to `most` in each; gives how far they are. */
export function writeRows(
  place: Place,
  lane: Lane,
  before: WrittenRows,
  items: readonly QueueItem[],
  most: number,
): WrittenRows {
  if (items.length === 0) return before;
  const writer = new LaneWriter(place, LANES[lane], before, most);
  for (const item of items) writer.add(item);
  return { ...writer.end(), n: before.n + items.length };
}

/** Every deployment is judged: what is left of an earlier queue is not of this plan. */
export function endRows({ store, id, plan }: Place, rows: Planning['rows']): void {
  for (const lane of ['planned', 'forced'] as const)
    store.removeRows(id, plan, LANES[lane], { after: rows[lane].kept, before: rows[lane].last + 1 });
}

class LaneWriter {
  readonly #place: Place;
  readonly #lane: number;
  readonly #last: number;
  readonly #most: number;
  #kept: number;
  /** The earlier row that is being filled. */
  #open: QueueItem[] | null;
  /** What has no place in an earlier row. */
  #loose: QueueItem[] = [];
  /** The earlier rows that come next, and the deployment that each begins with. */
  #ahead: { readonly seq: number; readonly id: string | null }[] = [];

  constructor(place: Place, lane: number, { kept, last }: WrittenRows, most: number) {
    this.#place = place;
    this.#lane = lane;
    this.#last = last;
    this.#most = most;
    this.#kept = kept;
    const { store, id, plan } = place;
    // Its other half may be in the blocks that come now.
    this.#open = kept === 0 ? null : [...(store.readRow(id, plan, { lane, seq: kept })?.items ?? [])];
    this.#lookAhead();
  }

  add(item: QueueItem): void {
    const place = this.#ahead.slice(0, LOOKED_AHEAD).findIndex(({ id }) => id === item.id);
    if (place !== -1) this.#goOnWith(place, item);
    else if (this.#open !== null && this.#open.length < this.#most) this.#open.push(item);
    else {
      this.#loose.push(item);
      if (this.#loose.length >= this.#most) this.#putBehind();
    }
  }

  end(): Omit<WrittenRows, 'n'> {
    this.#close();
    this.#putBehind();
    return { kept: this.#kept, last: this.#last };
  }

  /** The row at `place` of those ahead begins with this one; those before it are not of this plan. */
  #goOnWith(place: number, item: QueueItem): void {
    this.#close();
    const { seq = this.#kept } = this.#ahead[place] ?? {};
    const { store, id, plan } = this.#place;
    if (place > 0) store.removeRows(id, plan, this.#lane, { after: this.#kept, before: seq });
    this.#kept = seq;
    this.#open = [item];
    this.#ahead = this.#ahead.slice(place + 1);
    this.#lookAhead();
  }

  #lookAhead(): void {
    if (this.#ahead.length >= LOOKED_AHEAD || this.#kept >= this.#last) return;
    const { store, id, plan } = this.#place;
    const between = { after: this.#kept, to: this.#last };
    this.#ahead = store.rowStarts(id, plan, this.#lane, between, READ_AT_ONCE);
  }

  #close(): void {
    if (this.#open !== null) this.#write(this.#kept, this.#open);
    this.#open = null;
  }

  #putBehind(): void {
    const { store, id, plan } = this.#place;
    if (this.#loose.length > 0) this.#write(store.nextSeq(id, plan, this.#lane), this.#loose);
    this.#loose = [];
  }

  #write(seq: number, items: readonly QueueItem[]): void {
    const { store, id, plan } = this.#place;
    // Nothing is written where the same stands there.
    store.writeRow(id, plan, { lane: this.#lane, seq, attempt: 0, due: 0, items });
  }
}
