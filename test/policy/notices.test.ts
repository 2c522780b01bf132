// Notices: once per change of state, in words that each webhook understands.

import { describe, expect, test } from 'vitest';
import {
  changesSince,
  linkTo,
  type Situation,
  type Stands,
  standsFor,
  standsOf,
  toldBy,
} from '../../src/policy/notices.ts';

const AT = Date.UTC(2026, 10, 24, 20);
const CALM: Situation = {
  ailments: [],
  refused: null,
  stalledAt: null,
  missed: { tickedAt: AT, dueAt: AT + 3_600_000 },
  failedRun: null,
  failedInARow: 0,
  failedBuilds: {},
  projects: [],
};
const DOCS = { name: 'docs', behind: 0, rebuilt: 'main' };
const failing = { ailments: ['failing'], failedRun: 'Why.', failedInARow: 3 } as const;

/** The troubles among what stands so. */
const troubles = (stands: Stands) => toldBy({}, stands);

describe('what is trouble', () => {
  test.each<[string, Partial<Situation>, Record<string, string>]>([
    ['nothing is wrong', { projects: [DOCS] }, {}],
    ['the token is refused', { refused: 'Set a token.' }, { token: 'Set a token.' }],
    [
      'the token is refused after a run that failed for another reason',
      { refused: 'Set a token.', failedRun: 'Why.' },
      { token: 'Set a token.', run: 'The last run failed. Why.' },
    ],
    ['a build failed of a project that is not watched any more', { failedBuilds: { docs: 'main' } }, {}],
    ['a run failed', { failedRun: 'Why.' }, { run: 'The last run failed. Why.' }],
    [
      'runs fail one after the other',
      failing,
      { failing: 'The last 3 runs failed; /healthz says so too. Why.' },
    ],
    [
      'the first run failed',
      { ...failing, failedInARow: 1 },
      { failing: 'The first run failed; /healthz says so too. Why.' },
    ],
    ['runs failed for want of a token that was mended', { ...failing, failedRun: null }, {}],
    [
      'no cron ticks any more',
      { ailments: ['overdue'] },
      {
        overdue:
          'No run has started since that of 2026-11-24 20:00 UTC, and the next was due at 2026-11-24 21:00 UTC: every cron has missed its time. Are they set in [triggers], and is that deployed?',
      },
    ],
    [
      'nothing was done for long',
      { stalledAt: AT },
      {
        stalled:
          'Nothing was done from 2026-11-24 20:00 UTC on, though work was waiting. It goes on now; the log may say why it stopped.',
      },
    ],
    [
      'a scheduled build failed',
      { failedBuilds: { docs: 'main' }, projects: [DOCS] },
      { 'build docs': 'docs: the scheduled build of main failed.' },
    ],
    [
      'one production build failed',
      { projects: [{ ...DOCS, behind: 1 }] },
      { 'production docs': 'docs: production is behind, the last production build failed.' },
    ],
    [
      'production is behind',
      {
        projects: [
          { ...DOCS, behind: 2 },
          { ...DOCS, name: 'blog' },
        ],
      },
      { 'production docs': 'docs: production is behind, the last 2 production builds failed.' },
    ],
  ])('%s', (_name, change, expected) => {
    expect(troubles(standsOf({ ...CALM, ...change }))).toEqual(expected);
  });
});

describe('how it all stands', () => {
  test('well, each by its name', () => {
    const names = ['token', 'stalled', 'overdue', 'failing', 'run', 'production docs', 'build docs'];
    const expected = Object.fromEntries(names.map((name) => [name, 'well']));
    expect(standsOf({ ...CALM, projects: [DOCS] })).toEqual(expected);
  });

  test('a failed build of a branch that is not rebuilt any more does not stand at all', () => {
    const projects = [{ ...DOCS, rebuilt: 'next' }];
    expect(Object.keys(standsOf({ ...CALM, projects, failedBuilds: { docs: 'main' } }))).not.toContain(
      'build docs',
    );
    expect(standsOf({ ...CALM, projects, failedBuilds: { docs: 'next' } })).toHaveProperty([
      'build docs',
      'trouble',
    ]);
  });
});

const told = (...about: string[]) => Object.fromEntries(about.map((one) => [one, 'was wrong']));
const recovered = (before: ReturnType<typeof told>, change: Partial<Situation>) =>
  changesSince(before, standsOf({ ...CALM, projects: [DOCS], ...change })).map(({ text }) => text);

test('new trouble is told once, and again only after it was over', () => {
  const failed = standsOf({ ...CALM, failedRun: 'Why.' });
  expect(changesSince({}, failed).map(({ kind }) => kind)).toEqual(['trouble']);
  const since = toldBy({}, failed);
  expect(changesSince(since, standsOf({ ...CALM, failedRun: 'Otherwise.' }))).toEqual([]);
  expect(changesSince(since, standsOf(CALM))).toEqual([
    { kind: 'recovered', about: 'run', text: 'Recovered: runs succeed again.', link: null },
  ]);
  expect(changesSince(toldBy(since, standsOf(CALM)), failed)).toHaveLength(1);
});

describe('what has recovered', () => {
  test.each([
    ['token', 'the API accepts the credentials again'],
    ['overdue', 'runs start again'],
    ['stalled', 'runs succeed again'],
    ['failing', 'runs succeed again'],
    ['run', 'runs succeed again'],
    ['build docs', 'docs: the scheduled build succeeded'],
    ['production docs', 'docs: production is up to date'],
  ])('%s', (about, words) => {
    expect(recovered(told(about), {})).toEqual([`Recovered: ${words}.`]);
  });

  test('a run that went well ends all that it ends, in one sentence', () => {
    expect(recovered(told('run', 'failing', 'stalled'), {})).toEqual(['Recovered: runs succeed again.']);
  });
});

describe('what was not seen to recover', () => {
  test.each<[string, string, Partial<Situation>]>([
    ['build docs', 'a project that is not watched any more', { projects: [] }],
    ['production docs', 'a project that is not watched any more', { projects: [] }],
    ['build docs', 'a rule that builds nothing any more', { projects: [{ ...DOCS, rebuilt: null }] }],
    [
      'build docs',
      'a rule that builds another branch',
      { projects: [{ ...DOCS, rebuilt: 'next' }], failedBuilds: { docs: 'main' } },
    ],
    ['production docs', 'a live deployment that nobody names', { projects: [{ ...DOCS, behind: null }] }],
    ['overdue', 'rules that wait for no cron any more', { missed: null }],
    ['run', 'a third run that failed', failing],
    ['failing', 'a token that was refused in between', { failedRun: 'Why.', failedInARow: 3 }],
  ])('%s: %s', (about, _why, change) => {
    expect(recovered(told(about), change).filter((text) => text.startsWith('Recovered'))).toEqual([]);
  });

  test('what cannot be seen stays as it was told, and what is not watched is forgotten', () => {
    const before = told('production docs', 'production blog');
    const stands = standsOf({ ...CALM, projects: [{ ...DOCS, behind: null }] });
    expect(toldBy(before, stands)).toEqual(told('production docs'));
  });
});

describe('who wants to hear of what', () => {
  const stands = standsOf({ ...CALM, projects: [DOCS, { ...DOCS, name: 'blog' }] });
  const keeper = ['token', 'stalled', 'overdue', 'failing', 'run'];
  const heard = (about: Parameters<typeof standsFor>[0]['about'], projects: readonly string[]) =>
    Object.keys(standsFor({ about, projects }, stands));

  test.each<[Parameters<typeof heard>[0], string[], string[]]>([
    [['trouble', 'production'], ['*'], Object.keys(stands)],
    [['trouble'], ['*'], [...keeper, 'build docs', 'build blog']],
    [['production'], ['*'], ['production docs', 'production blog']],
    [['production'], ['blog'], ['production blog']],
    [['trouble'], ['docs'], [...keeper, 'build docs']],
    // What is about no project is about all of them.
    [['trouble', 'production'], [], keeper],
    [['success', 'previews'], ['*'], []],
    [[], ['*'], []],
  ])('%j of %j', (about, projects, expected) => {
    expect(heard(about, projects)).toEqual(expected);
  });
});

test('a link leads to the page of the project, or to the runs; without an address there is none', () => {
  const keeper = 'https://keeper.example.com';
  expect(linkTo(keeper, 'run')).toBe(`${keeper}/runs`);
  expect(linkTo(keeper, 'production docs')).toBe(`${keeper}/projects/docs`);
  expect(linkTo(keeper, 'build a b/c')).toBe(`${keeper}/projects/a%20b%2Fc`);
  expect(['run', 'build docs'].map((about) => linkTo(null, about))).toEqual([null, null]);
});

test('what says something else is told beside it, with its own link', () => {
  const stands = standsOf({ ...CALM, refused: 'Set a token.', projects: [{ ...DOCS, behind: 1 }] });
  expect(changesSince({}, stands, 'https://k.example').map(({ about, link }) => [about, link])).toEqual([
    ['token', 'https://k.example/runs'],
    ['production docs', 'https://k.example/projects/docs'],
  ]);
  expect(changesSince(told('build a b'), { 'build a b': 'well' }).map(({ text }) => text)).toEqual([
    'Recovered: a b: the scheduled build succeeded.',
  ]);
});

test('what is left to be told is not told yet: new trouble is none, old trouble is not over', () => {
  const before = told('token');
  const stands = standsOf({ ...CALM, failedRun: 'Why.' });
  const left = changesSince(before, stands);
  expect(left.map(({ about }) => about)).toEqual(['token', 'run']);
  expect(toldBy(before, stands, left)).toEqual(before);
  expect(toldBy(before, stands, left.slice(0, 1))).toEqual({ ...before, run: 'The last run failed. Why.' });
  expect(toldBy(before, stands, left.slice(1))).toEqual({});
});
