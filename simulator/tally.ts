// What the simulated API saw since it was last asked, in words for the terminal of `npm start`.
// Must not print; and only counts what changed the account.
import type { Call } from './simulator.ts';

/** Reads a growing log of calls, each part once. */
export class Tally {
  readonly #calls: readonly Call[];
  #read = 0;
  #deleted = 0;

  constructor(calls: readonly Call[]) {
    this.#calls = calls;
  }

  /** All deletes so far. */
  get deleted(): number {
    return this.#deleted;
  }

  /** `null` when nothing has changed since. */
  news(): string | null {
    const calls = this.#calls.slice(this.#read);
    this.#read = this.#calls.length;
    const builds = calls
      .filter((call) => call.effect && call.method === 'POST' && call.branch !== null)
      .map((call) => `${call.project} (${call.branch})`);
    const deletes = new Map<string, number>();
    for (const { effect, method, deploymentId, project } of calls)
      if (effect && method === 'DELETE' && deploymentId !== null && project !== null)
        deletes.set(project, (deletes.get(project) ?? 0) + 1);
    const blocked = calls.filter((call) => call.status === 429).length;
    const parts: string[] = [];
    if (builds.length > 0) parts.push(`builds started: ${builds.join(', ')}`);
    if (deletes.size > 0) {
      const each = [...deletes].map(([project, count]) => `${project} ${count}`).join(', ');
      for (const count of deletes.values()) this.#deleted += count;
      parts.push(`deployments deleted: ${each} (${this.#deleted} in all)`);
    }
    if (blocked > 0) parts.push(`${blocked} calls refused by the rate limit`);
    return parts.length === 0 ? null : parts.join('; ');
  }
}
