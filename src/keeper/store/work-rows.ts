// What is under way, in the storage: one row as long as it is small, which it nearly always is; what grows with the account stands in
// rows of its own then, each bounded, and only those that changed are written. Stores and reads, decides nothing.

import type { Prune, Queue, Task, Work } from '../work.ts';
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
    const texts = new Map([...parts].flatMap(([part, text]) => inRows(part, text)));
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
      const here = fresh.splice(0, Math.max(0, TASKS_A_ROW - some.length));
      this.note(row, here);
      rows.set(row, [...some, ...here]);
    }
    // Somebody is here no more.
    if (this.#rows.size > ids.length) {
      this.#rows.clear();
      for (const [row, some] of rows) this.note(row, some);
    }
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

type Waiting = Extract<Prune, { step: 'waiting' }>;

/** Tasks that wait for their turn, as they were when their text was made. */
const written = new WeakMap<Task, { task: Task; prune: Waiting; lost: Queue; text: string }>();

/**
 * The text of a task. One that waits for its turn keeps the one it has: in an account of a thousand projects nearly all of them do, for
 * days, and to make their texts anew at every write would be most of what an alarm does.
 */
function textOf(task: Task): string {
  const { prune, reading, git } = task;
  if (prune?.step !== 'waiting' || reading !== null || git !== null) return JSON.stringify(task);
  const { lost } = prune;
  const was = written.get(task);
  if (was && isSame(was.task, task) && isSame(was.prune, prune) && isSame(was.lost, lost)) return was.text;
  const text = JSON.stringify(task);
  written.set(task, { task: { ...task }, prune: { ...prune }, lost: { ...lost }, text });
  return text;
}

/** Whether two hold the same. What they hold in turn is never changed in place, and no field is ever taken away. */
function isSame<T extends object>(one: T, other: T): boolean {
  for (const key in other) if (one[key] !== other[key]) return false;
  return true;
}

function split(work: Work, places: Places): { row: Record<string, unknown>; parts: Map<string, string> } {
  const parts = new Map<string, string>();
  const ids = Object.keys(work.tasks);
  const isTasksLarge = ids.length > INLINE;
  if (isTasksLarge)
    for (const [part, some] of places.of(ids)) {
      const pairs = some.sort().flatMap((id) => {
        const task = work.tasks[id];
        return task ? [`${JSON.stringify(id)}:${textOf(task)}`] : [];
      });
      parts.set(part, `{${pairs.join(',')}}`);
    }
  const row: Record<string, unknown> = { ...work };
  if (isTasksLarge) Object.assign(row, { tasks: {}, order: ids });
  for (const field of ['telling', 'listing', 'looked', 'runs', 'rebuilds'] as const) {
    const text = JSON.stringify(work[field]);
    if (bytesOf(text) <= LARGE) continue;
    parts.set(field, text);
    delete row[field];
  }
  return { row, parts };
}
