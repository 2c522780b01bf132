// Who waits for what an alarm finds: ticks for their run's first look, the very first views for any look. In memory alone; stores
// nothing.

import type { TickResult } from './deps.ts';

/** Nothing was wrong. */
export const OK: TickResult = { ok: true };

/** Those that wait. */
export class Waiters {
  readonly #ticks = new Map<string, (result: TickResult) => void>();
  readonly #viewers: (() => void)[] = [];

  /** Resolves when this run's first look is over. */
  tick(runId: string): Promise<TickResult> {
    return new Promise((resolve) => this.#ticks.set(runId, resolve));
  }

  /** Answers the tick that waits for this run, if one does. */
  answer(runId: string, trouble: string | null): void {
    this.#ticks.get(runId)?.(trouble === null ? OK : { ok: false, message: trouble });
    this.#ticks.delete(runId);
  }

  /** Answers all ticks: an alarm has failed. */
  fail(message: string): void {
    for (const id of [...this.#ticks.keys()]) this.answer(id, message);
  }

  /** Resolves when the next alarm has ended. */
  look(): Promise<void> {
    return new Promise((resolve) => this.#viewers.push(resolve));
  }

  /** An alarm has ended. */
  looked(): void {
    for (const done of this.#viewers.splice(0)) done();
  }
}
