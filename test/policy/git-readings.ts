// Readings of Git, for the tests of what is believed of them.

import type { Head, Heads } from '../../src/git/refs.ts';
import {
  type BranchDeployed,
  type GitKnown,
  type GitProject,
  goneBranches,
  learn,
  noGit,
} from '../../src/policy/git.ts';
import { DAY, HOUR, NOW } from './fixture.ts';

/** A commit, made of a text. */
export const hex = (text: string) =>
  [...text]
    .map((one) => (one.charCodeAt(0) % 16).toString(16))
    .join('')
    .padEnd(40, '0');

/** Branches as Git names them, each with a commit of its own. */
export function heads(
  names: readonly string[],
  { whole = true, commits = (name: string) => hex(name) } = {},
): Heads {
  const all: Head[] = names.map((name) => ({ name, commit: commits(name) }));
  return { met: new Map(all.map((head) => [head.name, head])), first: all, count: all.length, whole };
}

/** Preview branches that have deployments. */
export const BRANCHES = ['a', 'b', 'c', 'd'];
/** What is known of the deployments of one of them. */
export const pushed = (change: Partial<BranchDeployed> = {}): BranchDeployed => ({
  newestAt: NOW - DAY,
  otherAt: null,
  pushed: true,
  ...change,
});

/** A project with these branches. */
export function project(change: Partial<GitProject> = {}): GitProject {
  return {
    productionBranch: 'main',
    branches: new Map(BRANCHES.map((name) => [name, pushed()])),
    commits: new Set([hex('main')]),
    own: false,
    ...change,
  };
}

/** What is gone after these readings, each a time in hours and what it held. */
export function goneAfter(readings: readonly (readonly [number, Heads])[], of: GitProject = project()) {
  let known: GitKnown = noGit('https://github.com/acme/docs.git');
  const doubts: (string | null)[] = [];
  for (const [hours, read] of readings) {
    const learned = learn(known, { at: NOW + hours * HOUR, heads: read }, of);
    known = learned.known;
    doubts.push(learned.doubt);
  }
  return { gone: [...goneBranches(known, of, 0)], doubts, known };
}

/** All of them are there. */
export const ALL = heads(['main', ...BRANCHES]);
/** All but `a`. */
export const WITHOUT_A = heads(['main', 'b', 'c', 'd']);
