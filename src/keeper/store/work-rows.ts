// What is under way, in the storage: one row as long as it is small, which it nearly always is; what grows with the account stands in
// rows of its own then, each bounded, and only those that changed are written. Stores and reads, decides nothing.

import type { Task, Work } from '../work.ts';
import { bytesOf } from './sql.ts';
import type { Store } from './store.ts';
import { TaskRows } from './task-rows.ts';

/** Up to so many tasks, and characters, stand in the row itself. */
const INLINE = 250;
const MOST_INLINE = 400_000;
/** Bytes with which any other field is given rows of its own; characters that one row takes. */
const LARGE = 40_000;
const MOST_IN_A_ROW = 150_000;

/** The row, and where the rest of it is. */
interface Stored extends Omit<Partial<Work>, 'tasks'> {
  readonly tasks?: Readonly<Record<string, Task>>;
  readonly parts?: readonly string[];
}

const keyOf = (part: string) => `work ${part}`;

/** The rows of one Keeper. */
export class WorkRows {
  readonly #store: Store;
  /** As they were last read or written. */
  #texts = new Map<string, string>();
  readonly #tasks = new TaskRows();
  /** How often the store had taken writes back by then. */
  #undone = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What is stored; `null`: nothing is. */
  read(): Partial<Work> | null {
    this.#texts = new Map();
    this.#tasks.clear();
    this.#undone = this.#store.undone();
    const stored = this.#store.readState<Stored>('work');
    if (stored === null) return null;
    const { parts = [], ...work } = stored;
    const found: Record<string, unknown> = work;
    const tasks = Object.entries(work.tasks ?? {});
    const whole = new Map<string, string>();
    for (const row of parts) {
      const text = this.#store.readStateText(keyOf(row)) ?? 'null';
      this.#texts.set(row, text);
      const [part = row] = row.split('#');
      whole.set(part, (whole.get(part) ?? '') + text);
    }
    for (const [part, text] of whole) {
      const value: unknown = JSON.parse(text);
      if (part.startsWith('tasks ')) tasks.push(...this.#tasks.note(part, value as Record<string, Task>));
      else found[part] = value;
    }
    tasks.sort(([, a], [, b]) => (a.turn ?? 0) - (b.turn ?? 0));
    return { ...found, tasks: new Map(tasks) };
  }

  /** Stores it, all together. */
  write(work: Work): void {
    // A write that was part of a larger one may have been taken back with it: then what stands there is read.
    if (this.#undone !== this.#store.undone()) this.read();
    const { row, parts } = split(work);
    const texts = new Map([...parts].flatMap(([part, text]) => inRows(part, text)));
    const whole = () => JSON.stringify(texts.size > 0 ? { ...row, parts: [...texts.keys()] } : row);
    if (work.tasks.size <= INLINE) row.tasks = Object.fromEntries(work.tasks);
    let text = whole();
    if (work.tasks.size > INLINE || text.length > MOST_INLINE) {
      row.tasks = {};
      for (const [part, some] of this.#tasks.textsOf(work.tasks)) texts.set(part, some);
      text = whole();
    } else this.#tasks.clear();
    // Nearly always it is one row, and one statement is written whole or not at all.
    if (texts.size === 0 && this.#texts.size === 0) {
      this.#store.writeStateText('work', text);
      return;
    }
    this.#store.atomically(() => {
      for (const [part, some] of texts)
        if (this.#texts.get(part) !== some) this.#store.writeStateText(keyOf(part), some);
      for (const part of this.#texts.keys()) if (!texts.has(part)) this.#store.removeState(keyOf(part));
      this.#store.writeStateText('work', text);
    });
    this.#texts = texts;
  }
}

/** A text in as many rows as it needs: `looked`, `looked#1`, … No character is cut in two: a row ends between code points. */
function inRows(part: string, text: string): [row: string, text: string][] {
  const rows = text.length <= MOST_IN_A_ROW ? [text] : (text.match(/.{1,130000}/gsu) ?? []);
  return rows.map((some, nth) => [nth === 0 ? part : `${part}#${nth}`, some]);
}

function split(work: Work): { row: Record<string, unknown>; parts: Map<string, string> } {
  const parts = new Map<string, string>();
  const row: Record<string, unknown> = { ...work, tasks: {} };
  for (const field of ['telling', 'listing', 'looked', 'runs', 'rebuilds'] as const) {
    const text = JSON.stringify(work[field]);
    if (bytesOf(text) <= LARGE) continue;
    parts.set(field, text);
    delete row[field];
  }
  return { row, parts };
}
