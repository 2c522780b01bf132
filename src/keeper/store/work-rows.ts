// What is under way, in the storage: one row as long as it is small, which it nearly always is; what grows with the account stands in
// rows of its own then, each bounded, and only those that changed are written. Stores and reads, decides nothing.

import type { Task, Work } from '../work.ts';
import { bytesOf } from './sql.ts';
import type { Store } from './store.ts';

/** Up to so many tasks stand in the row itself; beyond, so many in each row of their own. */
const INLINE = 250;
const TASKS_A_ROW = 32;
/** Bytes with which any other field is given rows of its own; characters that one row takes. */
const LARGE = 40_000;
const MOST_IN_A_ROW = 150_000;

// Whose turn it is stands in `order` alone: a task that goes behind the others changes no other row.
/** The row, and where the rest of it is. `order`: the tasks' turns, where they stand elsewhere. */
type Stored = Partial<Work> & { readonly parts?: readonly string[]; readonly order?: readonly string[] };

const keyOf = (part: string) => `work ${part}`;

/** The rows of one Keeper. */
export class WorkRows {
  readonly #store: Store;
  /** As they were last read or written. */
  readonly #texts = new Map<string, string>();
  readonly #places = new Places();
  /** How often the store had taken writes back by then. */
  #undone = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What is stored; `null`: nothing is. */
  read(): Partial<Work> | null {
    this.#texts.clear();
    this.#places.clear();
    this.#undone = this.#store.undone();
    const { parts = [], order, ...work } = this.#store.readState<Stored>('work') ?? { parts: undefined };
    if (Object.keys(work).length === 0) return null;
    const found: Record<string, unknown> = { ...work };
    const tasks: Record<string, Task> = {};
    const whole = new Map<string, string>();
    for (const row of parts) {
      const text = this.#store.readStateText(keyOf(row)) ?? (row.includes('#') ? '' : 'null');
      this.#texts.set(row, text);
      const [part = row] = row.split('#');
      whole.set(part, (whole.get(part) ?? '') + text);
    }
    for (const [part, text] of whole) {
      const value: unknown = JSON.parse(text);
      if (part.startsWith('tasks ')) {
        Object.assign(tasks, value);
        this.#places.note(part, Object.keys(value ?? {}));
      } else found[part] = value;
    }
    if (order !== undefined)
      found.tasks = Object.fromEntries(order.flatMap((id) => (tasks[id] ? [[id, tasks[id]] as const] : [])));
    return found as Partial<Work>;
  }

  /** Stores it, all together. */
  write(work: Work): void {
    // A write that was part of a larger one may have been taken back with it: then what stands there is read.
    if (this.#undone !== this.#store.undone()) this.read();
    const { row, parts } = split(work, this.#places);
    const texts = new Map([...parts].flatMap(([part, value]) => inRows(part, JSON.stringify(value))));
    if (texts.size > 0) row.parts = [...texts.keys()];
    // Nearly always it is one row, and one statement is written whole or not at all.
    if (texts.size === 0 && this.#texts.size === 0) {
      this.#store.writeState('work', row);
      return;
    }
    this.#store.atomically(() => {
      for (const [part, text] of texts)
        if (this.#texts.get(part) !== text) this.#store.writeStateText(keyOf(part), text);
      for (const part of this.#texts.keys()) if (!texts.has(part)) this.#store.removeState(keyOf(part));
      this.#store.writeState('work', row);
    });
    this.#texts.clear();
    for (const [part, text] of texts) this.#texts.set(part, text);
  }
}

/**
 * In which row each task stands: it stays there, and a new one comes into the first that has room. So those that came one after the
 * other stand together, and what is read or deleted of a few projects in turn is one row or two.
 */
class Places {
  readonly #rows = new Map<string, string>();

  clear(): void {
    this.#rows.clear();
  }

  /** These stand in that row. */
  note(row: string, ids: readonly string[]): void {
    for (const id of ids) this.#rows.set(id, row);
  }

  /** The rows of these tasks; all others are forgotten. */
  of(ids: readonly string[]): Map<string, string[]> {
    const rows = Map.groupBy(ids, (id) => this.#rows.get(id) ?? '');
    const fresh = rows.get('') ?? [];
    rows.delete('');
    for (let place = 0; fresh.length > 0; place += 1) {
      const row = `tasks ${place}`;
      const some = rows.get(row) ?? [];
      some.push(...fresh.splice(0, Math.max(0, TASKS_A_ROW - some.length)));
      rows.set(row, some);
    }
    this.#rows.clear();
    for (const [row, some] of rows) this.note(row, some);
    return rows;
  }
}

/** A text in as many rows as it needs: `looked`, `looked#1`, … No character is cut in two. */
function inRows(part: string, text: string): [row: string, text: string][] {
  const rows: [string, string][] = [];
  for (let from = 0; from < text.length || rows.length === 0; ) {
    const end = from + MOST_IN_A_ROW;
    const isWhole = end >= text.length || !/[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    const some = text.slice(from, isWhole ? end : end - 1);
    rows.push([rows.length === 0 ? part : `${part}#${rows.length}`, some]);
    from += some.length;
  }
  return rows;
}

const sizeOf = (value: unknown) => bytesOf(JSON.stringify(value));

function split(work: Work, places: Places): { row: Record<string, unknown>; parts: Map<string, unknown> } {
  const parts = new Map<string, unknown>();
  const ids = Object.keys(work.tasks);
  const isTasksLarge = ids.length > INLINE;
  if (isTasksLarge)
    for (const [part, some] of places.of(ids))
      parts.set(part, Object.fromEntries(some.sort().map((id) => [id, work.tasks[id]])));
  const row: Record<string, unknown> = { ...work };
  if (isTasksLarge) Object.assign(row, { tasks: {}, order: ids });
  for (const field of ['telling', 'listing', 'looked', 'runs', 'rebuilds'] as const) {
    if (sizeOf(work[field]) <= LARGE) continue;
    parts.set(field, work[field]);
    delete row[field];
  }
  return { row, parts };
}
