// A list kept in the order of creation, which answers "the newest page" and "remove this one" fast at 50,000 rows.
// Must not know what a deployment is beyond its time and its place among equals.

/** What a timeline sorts by: the time, then the order of insertion. */
export interface Dated {
  readonly createdAt: number;
  readonly sequence: number;
}

/** Rows sorted by creation; the newest are at the end, since most rows arrive in order. */
export class Timeline<T extends Dated> {
  readonly #rows: T[] = [];

  get size(): number {
    return this.#rows.length;
  }

  add(row: T): void {
    const at = this.#position(row);
    if (at === this.#rows.length) this.#rows.push(row);
    else this.#rows.splice(at, 0, row);
  }

  remove(row: T): boolean {
    const at = this.#position(row);
    if (this.#rows[at] !== row) return false;
    this.#rows.splice(at, 1);
    return true;
  }

  /** `count` rows, newest first, after skipping the `skip` newest. */
  newest(skip = 0, count = this.#rows.length): T[] {
    const end = Math.max(0, this.#rows.length - skip);
    return this.#rows.slice(Math.max(0, end - count), end).reverse();
  }

  /** The newest row that fits, or `null`. */
  findNewest(fits: (row: T) => boolean): T | null {
    return this.#rows.findLast(fits) ?? null;
  }

  #position(row: T): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#rows[middle];
      const before =
        other !== undefined &&
        (other.createdAt < row.createdAt ||
          (other.createdAt === row.createdAt && other.sequence < row.sequence));
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
