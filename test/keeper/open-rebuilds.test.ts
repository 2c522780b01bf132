// The open rebuilds: which are taken out, and which stay when a run ends before anybody knows whether they were started.

import { expect, test } from 'vitest';
import { keepDoubtful, takeWaiting } from '../../src/keeper/rebuild/open.ts';
import type { Rebuild } from '../../src/keeper/rebuild/rebuild.ts';

const STATES = ['waiting', 'posting', 'in-doubt', 'posted'] as const;
const rebuild = (project: string, is: string, due = 0, run = 'run') =>
  ({ project, run, due, state: { is } }) as unknown as Rebuild;

test('those of which nobody knows whether they were started stay, none looked for too early', () => {
  const work = { rebuilds: STATES.map((is, at) => rebuild('docs', is, at * 100)) };
  keepDoubtful(work, 150);
  expect(work.rebuilds.map(({ state, due }) => [state.is, due])).toEqual([
    ['posting', 150],
    ['in-doubt', 200],
  ]);
});

test('only what waits to be decided is taken out, of that project or that run', () => {
  const all = [
    rebuild('docs', 'waiting'),
    rebuild('docs', 'posting'),
    rebuild('blog', 'waiting', 0, 'other'),
    rebuild('docs', 'waiting', 0, 'other'),
  ];
  for (const [of, taken] of [
    [{ project: 'docs' }, [0, 3]],
    [{ run: 'other' }, [2, 3]],
    [{ project: 'none' }, []],
  ] as const) {
    const work = { rebuilds: all };
    expect(takeWaiting(work, of)).toEqual(taken.map((at) => all[at]));
    expect(work.rebuilds).toEqual(all.filter((_, at) => !(taken as readonly number[]).includes(at)));
  }
});
