// The tasks of a large account as texts, so many in each row, of which only those are made anew in which something has changed. Stores
// nothing, changes no task.

import { queueOf } from '../tasks.ts';
import type { Prune, Queue, Task, Work } from '../work.ts';

const TASKS_A_ROW = 32;

/** Where a task stands, and what it was when its text was made; `text`: '', it was not made yet. */
interface Place {
  readonly row: string;
  text: string;
  was: { readonly task: Task; readonly prune: Prune; readonly queue: Queue } | null;
}

/**
 * In which row each task stands: it stays there, and a new one comes into the first that has room. So those that came one after the
 * other stand together, and what is read or deleted of a few projects in turn is one row or two.
 */
export class TaskRows {
  readonly #places = new Map<string, Place>();
  readonly #texts = new Map<string, string>();

  clear(): void {
    this.#places.clear();
    this.#texts.clear();
  }

  /** These stand in that row. */
  note(row: string, value: Readonly<Record<string, Task>> | null): [id: string, task: Task][] {
    const tasks = Object.entries(value ?? {});
    for (const [id] of tasks) this.#places.set(id, { row, text: '', was: null });
    return tasks;
  }

  /** The texts of all rows; of one in which nothing has changed it is made no second time. */
  textsOf(tasks: Work['tasks']): ReadonlyMap<string, string> {
    const changed = new Set<string>();
    for (const [id, { row }] of this.#places) {
      if (tasks.has(id)) continue;
      this.#places.delete(id);
      changed.add(row);
    }
    if (this.#places.size < tasks.size) this.#add([...tasks.keys()].filter((id) => !this.#places.has(id)));
    for (const [id, task] of tasks) {
      const place = this.#places.get(id);
      if (place !== undefined && renewText(place, task)) changed.add(place.row);
    }
    this.#write(changed);
    return this.#texts;
  }

  /** Gives new ones a place. */
  #add(ids: readonly string[]): void {
    const many = new Map<string, number>();
    for (const { row } of this.#places.values()) many.set(row, (many.get(row) ?? 0) + 1);
    let nth = 0;
    for (const id of ids) {
      while ((many.get(`tasks ${nth}`) ?? 0) >= TASKS_A_ROW) nth += 1;
      const row = `tasks ${nth}`;
      many.set(row, (many.get(row) ?? 0) + 1);
      this.#places.set(id, { row, text: '', was: null });
    }
  }

  #write(changed: ReadonlySet<string>): void {
    const pairs = new Map([...changed].map((row) => [row, [] as string[]]));
    for (const [id, { row, text }] of this.#places) pairs.get(row)?.push(`${JSON.stringify(id)}:${text}`);
    for (const [row, some] of pairs)
      if (some.length > 0) this.#texts.set(row, `{${some.join(',')}}`);
      else this.#texts.delete(row);
  }
}

/**
 * Makes a task's text anew; `false`: it is as it was. While one has a queue and nothing of it changes its text is not made: in an account of
 * a thousand projects that is so of nearly all, for days, and to make all texts at every write would be most of what an alarm does.
 */
function renewText(place: Place, task: Task): boolean {
  const { prune, reading, git } = task;
  const queue = queueOf(task);
  const mayKeep = prune !== null && queue !== null && reading === null && git === null;
  const { was } = place;
  if (mayKeep && was && isSame(was.task, task) && isSame(was.prune, prune) && isSame(was.queue, queue))
    return false;
  place.was = mayKeep ? { task: { ...task }, prune: { ...prune }, queue: { ...queue } } : null;
  const { text } = place;
  place.text = JSON.stringify(task);
  return place.text !== text;
}

/** Whether two hold the same. What they hold in turn is never changed in place, and no field is ever taken away. */
function isSame<T extends object>(one: T, other: T): boolean {
  for (const key in other) if (one[key] !== other[key]) return false;
  return true;
}
