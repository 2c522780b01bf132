// The scenario of the comparison with other Workers: one project of which nine tenths are older than 30 days, on 24 branches;
// 16 of these have nothing younger, so their newest stays. And by an own, obvious rule: what nobody may delete.

import type { SimulatedProject } from '../simulator/account.ts';
import { Seeded } from '../simulator/seeded.ts';
import type { Simulator } from '../simulator/simulator.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The first tick. */
export const START = Date.UTC(2026, 10, 24, 20, 0, 0);
export const KEEP_DAYS = 30;
/** Expire between 12 and 24 hours after the first tick. */
export const EXPIRE_LATER = 10;

const BRANCHES = 24;
const ACTIVE = 8;

const branchName = (index: number) => (index === 0 ? 'main' : `feature-${index}`);

/** Fills a project with `total` deployments: a tenth young, the rest old, all successful. */
export function addScenario(simulator: Simulator, name: string, total: number): SimulatedProject {
  const project = simulator.account.addProject({ name, source: 'github' });
  const young = total / 10;
  const old = total - young;
  for (let n = old - 1; n >= 0; n -= 1) {
    const createdAt = START - KEEP_DAYS * DAY - HOUR - n * 30 * MINUTE;
    project.add({ createdAt, branch: branchName(n % BRANCHES) });
  }
  for (let n = EXPIRE_LATER - 1; n >= 0; n -= 1) {
    const createdAt = START - KEEP_DAYS * DAY + 12 * HOUR + (EXPIRE_LATER - n) * 5 * MINUTE;
    project.add({ createdAt, branch: branchName(n % ACTIVE) });
  }
  const apart = Math.floor((28 * DAY) / young);
  for (let n = young - EXPIRE_LATER - 1; n >= 0; n -= 1)
    project.add({ createdAt: START - HOUR - n * apart, branch: branchName(n % ACTIVE) });
  return project;
}

/** Latency of a call: 150 to 450 ms, from a seed. */
export function seededLatency(seed: number): () => number {
  const seeded = new Seeded(seed);
  return () => 150 + seeded.below(301);
}

/** What a tick at `tickAt` must not delete: young, live, or its branch's newest success. The rest should go. */
export function sortOut(project: SimulatedProject, tickAt: number): { keep: Set<string>; go: Set<string> } {
  const keep = new Set<string>();
  const go = new Set<string>();
  const headed = new Set<string>();
  if (project.canonical) keep.add(project.canonical.id);
  for (const { id, environment, branch, createdAt, outcome } of project.deployments) {
    const key = `${environment} ${branch}`;
    if (outcome === 'success' && !headed.has(key)) {
      headed.add(key);
      keep.add(id);
    }
    if (tickAt - createdAt < KEEP_DAYS * DAY) keep.add(id);
    if (!keep.has(id)) go.add(id);
  }
  return { keep, go };
}
