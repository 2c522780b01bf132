// A list kept in the order of creation, which answers "the newest page" and "remove this one" fast at 50,000 rows.
// Must not know what a deployment is beyond its time and its place among equals.

/** What a timeline sorts by: the time, then the order of insertion. */
export interface Dated {
  readonly createdAt: number;
  readonly sequence: number;
}

/** Chunks are split at this size: moving rows inside one is cheap, and 50,000 rows make few chunks to walk over. */
const CHUNK = 512;

const isBefore = (a: Dated | undefined, b: Dated) =>
  a !== undefined && (a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.sequence < b.sequence));

/** How many of the sorted `items` come before `row`. */
function countBefore<T>(items: readonly T[], row: Dated, key: (item: T) => Dated | undefined): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(key(items[middle] as T), row)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows sorted by creation, oldest first, in chunks. */
export class Timeline<T extends Dated> {
  readonly #chunks: T[][] = [[]];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(row: T): void {
    const { at, chunk, index } = this.#place(row);
    chunk.splice(index, 0, row);
    this.#size += 1;
    if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK / 2));
  }

  remove(row: T): boolean {
    const { at, chunk, index } = this.#place(row);
    if (chunk[index] !== row) return false;
    chunk.splice(index, 1);
    this.#size -= 1;
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(at, 1);
    return true;
  }

  /** `count` rows, newest first, after skipping the `skip` newest. */
  newest(skip = 0, count = this.#size): T[] {
    const rows: T[] = [];
    let left = skip;
    for (let at = this.#chunks.length - 1; at >= 0 && rows.length < count; at -= 1) {
      const chunk = this.#chunks[at] ?? [];
      for (let index = chunk.length - 1 - left; index >= 0 && rows.length < count; index -= 1)
        rows.push(chunk[index] as T);
      left = Math.max(0, left - chunk.length);
    }
    return rows;
  }

  /** The newest row that fits, or `null`. */
  findNewest(fits: (row: T) => boolean): T | null {
    for (let at = this.#chunks.length - 1; at >= 0; at -= 1) {
      const found = this.#chunks[at]?.findLast(fits);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** Where a row is, or belongs: in the first chunk whose newest row is not before it. */
  #place(row: T): { at: number; chunk: T[]; index: number } {
    const before = countBefore(this.#chunks, row, (chunk) => chunk.at(-1));
    const at = Math.min(before, this.#chunks.length - 1);
    const chunk = this.#chunks[at] ?? [];
    return { at, chunk, index: countBefore(chunk, row, (item) => item) };
  }
}
