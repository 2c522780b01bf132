// What the tests of the drain share: accounts with a backlog, the set that is to go and whether exactly that went, and faults.

import { expect } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { Call, Fault, Simulator } from '../../simulator/simulator.ts';
import { DAY, wanted } from './account.ts';

export const HOUR = DAY / 24;
export const POLICY = { olderThanDays: 30, keepLatest: 5 };

/** A project with so many deployments to delete, and ten that stay. */
export function backlog({ account }: Simulator, name: string, old: number): void {
  const project = account.addProject({ name, buildMs: 1_000 });
  for (let at = 0; at < old; at += 1)
    project.add({
      createdAt: Date.now() - 31 * DAY - (old - at) * HOUR,
      branch: at % 3 === 0 ? 'feature' : 'main',
    });
  for (let at = 10; at > 0; at -= 1)
    project.add({ createdAt: Date.now() - at * DAY, branch: at % 2 === 0 ? 'feature' : 'main' });
}

export const deletes = (calls: readonly Call[]) => calls.filter(({ method }) => method === 'DELETE');
/** Whatever was sent to start a build. */
export const posts = (calls: readonly Call[]) => calls.filter(({ method }) => method === 'POST');
/** What started one. */
export const builds = (calls: readonly Call[]) => posts(calls).filter(({ effect }) => effect);

const idsOf = (project: SimulatedProject) => project.deployments.map(({ id }) => id);

/** What is to be deleted of these projects, and a check that this and nothing else has been. */
export function watch({ account, calls }: Simulator, names: readonly string[]) {
  const pruned = names.map((name) => account.project(name));
  const ids = new Set(pruned.flatMap((project) => wanted(project, [POLICY], Date.now()).ids));
  const kept = account.projects.flatMap(idsOf).filter((id) => !ids.has(id));
  return {
    ids,
    done: () => !pruned.flatMap(idsOf).some((id) => ids.has(id)),
    check() {
      expect(new Set(deletes(calls).map(({ deploymentId }) => deploymentId))).toEqual(ids);
      expect(deletes(calls).filter(({ force }) => force)).toEqual([]);
      const now = new Set(account.projects.flatMap(idsOf));
      expect(kept.filter((id) => !now.has(id))).toEqual([]);
    },
  };
}

/**
 * Every fifth call of each method meets another fault; a build, one that starts it all the same. Looks at a build are spared:
 * each would cost another minute.
 */
export function everyFifth(): Simulator['fault'] {
  const kinds: Fault[] = [
    { kind: 'status', status: 502, body: 'html' },
    { kind: 'drop-after' },
    { kind: 'success-false' },
    { kind: 'drop-before' },
    { kind: 'truncated' },
    { kind: 'status', status: 500 },
  ];
  const counts: Record<string, number> = {};
  return ({ method, project }) => {
    if (method === 'GET' && 'POST' in counts && project !== 'docs') return null;
    const nth = (counts[method] ?? 2) + 1;
    counts[method] = nth;
    if (nth % 5 !== 0) return null;
    return method === 'POST' ? { kind: 'drop-after' } : (kinds[(nth / 5) % kinds.length] ?? null);
  };
}
