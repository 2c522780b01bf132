// Random accounts, rules, events and faults, as fast-check arbitraries. Small ranges, so that things collide.

import fc from 'fast-check';
import type { Event, GitAnswer, Happening, PullAnswer, QueueEvent, Story } from './events.ts';
import type { Policy } from './oracle.ts';

const branch = fc.constantFrom('main', 'dev', 'feature/a', 'pr-7', '__proto__');

/** One prune policy. */
export const policy = fc
  .record({
    environment: fc.constantFrom('all' as const, 'production' as const, 'preview' as const),
    branches: fc.constantFrom(['*'], ['main'], ['*', '!dev'], ['feature/*', 'dev']),
    olderThanDays: fc.integer({ min: 1, max: 8 }),
    keepLatest: fc.integer({ min: 1, max: 3 }),
    stale: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    gone: fc.constantFrom(undefined, undefined, 0, 0, 1),
  })
  .map(({ stale, gone, ...rest }) => ({
    ...rest,
    ...(stale === undefined || rest.environment === 'production'
      ? {}
      : { staleBranchesAfterDays: rest.olderThanDays + stale }),
    ...(gone === undefined || rest.environment === 'production'
      ? {}
      : { goneBranchesAfterDays: gone, pullRequests: 'pr-{number}' }),
  }));

const fault = fc.constantFrom<Extract<Event, { do: 'fault' }>['fault'][]>(
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, body: 'html' },
  { kind: 'status', status: 404, body: 'html' },
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'success-false' },
  { kind: 'truncated' },
  { kind: 'redirect', location: 'https://elsewhere.test/' },
  { kind: 'total-count', by: 1 },
  { kind: 'total-count', by: -1 },
  // Refused calls, of which one says nothing about the account.
  { kind: 'status', status: 401, code: 10_000 },
  { kind: 'status', status: 403, code: 8_000_119 },
  { kind: 'status', status: 429, retryAfter: 1 },
  { kind: 'status', status: 500, code: 10_000, message: 'Rate limited.' },
  { kind: 'status', status: 400, code: 8_000_024 },
);

/** What the API has never been seen to say, in one row. */
const WORDS = [
  { latest_stage: null },
  { latest_stage: { name: 'deploy', status: 'complete' } },
  { latest_stage: { name: 'publish', status: 'success' } },
  { environment: null },
  { environment: 'staging' },
  { is_skipped: true },
  { deployment_trigger: null },
] as const;

const answer = fc.constantFrom<GitAnswer[]>(
  ...(['plain', 'plain', 'plain', 'old', 'half', 'cut', 'empty', 'forged', 'other'] as const),
  ...(['elsewhere', 'page', 'late', 'down', 'huge'] as const),
);

const pull = fc.constantFrom<PullAnswer[]>(
  ...(['closed', 'closed', 'closed', 'closed', 'recent', 'recent'] as const),
  ...(['open', 'young', 'other', 'missing', 'late'] as const),
);

const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('fault' as const), fault }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      branch,
      ends: fc.constantFrom('success' as const, 'failure' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), nth: fc.nat(80) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'crash' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rollback' as const), nth: fc.nat(80) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rules' as const), rules: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('brake' as const), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { do: 'again' as const },
      { do: 'block' as const },
      { do: 'recreate' as const },
    ),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), branch }) },
  { weight: 2, arbitrary: fc.constantFrom({ do: 'view' as const }, { do: 'tick' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      by: fc.constantFrom('hook' as const, 'button' as const),
      branch: fc.option(branch),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('branch' as const), branch, there: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('git' as const), answer }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pull' as const), answer: pull }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('broken' as const), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('word' as const),
      nth: fc.nat(24),
      row: fc.constantFrom(...WORDS),
    }),
  },
  {
    weight: 3,
    // Mostly the newest: what is not there yet.
    arbitrary: fc.record({ do: fc.constant('hide' as const), nth: fc.oneof(fc.constant(0), fc.nat(24)) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('swap' as const), nth: fc.nat(24) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('die' as const),
      at: fc.constantFrom('answer' as const, 'alarm' as const),
    }),
  },
);

const event = fc
  .tuple(happening, fc.nat(12), fc.nat(3))
  .map(([what, calls, project]) => ({ ...what, calls, project }) as Event);

/** What of the first rules is changed so that more is kept. */
const KEEPS_MORE: Readonly<Record<string, (policy: Policy) => Policy>> = {
  'a branch': (one) => ({ ...one, branches: [...(one.branches ?? ['*']), '!feature/*', '!pr-7'] }),
  production: (one) => ({ ...one, branches: [...(one.branches ?? ['*']), '!main'] }),
  younger: ({ staleBranchesAfterDays: stale, ...one }) => ({
    ...one,
    olderThanDays: one.olderThanDays + 6,
    ...(stale === undefined ? {} : { staleBranchesAfterDays: stale + 6 }),
  }),
  'more of the latest': (one) => ({ ...one, keepLatest: (one.keepLatest ?? 1) + 4 }),
  'stale branches': ({ staleBranchesAfterDays: _, ...one }) => one,
};

/** A story's rules that keep more are its last ones: the event takes the number of the rules by their count. */
const LAST_RULES = -1;

const of = (kind: QueueEvent['of'], most: number) => (what: fc.Arbitrary<Happening>) =>
  fc
    .tuple(what, fc.nat(most), fc.nat(3))
    .map(([one, calls, project]) => ({ ...one, of: kind, calls, project }) as QueueEvent);
const early = of('all', 6);
const next = of('all', 1);
const deleting = of('deletes', 40);
// What is aimed at the end of a queue must come before it.
const soon = of('deletes', 4);
const view = next(fc.constant({ do: 'view' }));
const late = (minutes: { readonly min: number; readonly max: number }) =>
  fc.record({ do: fc.constant('late' as const), minutes: fc.integer(minutes) });
// So that whoever looks has the list of projects read anew.
const aged = early(late({ min: 2, max: 10 }));

/** What happens while a queue is worked off, that must reach it before its next DELETE. */
const inQueue = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(deleting(fc.constant({ do: 'rules', rules: LAST_RULES }))) },
  { weight: 2, arbitrary: fc.tuple(deleting(late({ min: 30, max: 90 }))) },
  {
    weight: 3,
    arbitrary: fc.tuple(aged, soon(fc.record({ do: fc.constant('promote' as const), nth: fc.nat(3) })), view),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(aged, soon(fc.record({ do: fc.constant('revive' as const), nth: fc.nat(9) })), view),
  },
  { weight: 1, arbitrary: fc.constant([]) },
);

const row = fc.record({
  // Not fc.double: it favours the smallest, and then nothing ever expires.
  days: fc.integer({ min: 1, max: 20 * 1_440 }).map((minutes) => minutes / 1_440),
  branch,
  outcome: fc.constantFrom('success', 'success', 'success', 'failure', 'canceled', 'skipped', 'idle'),
});

/** The deployments of one project. */
export const rows = fc.array(row, { minLength: 1, maxLength: 60, size: 'max' });

// More than one alarm deletes: what changes in the middle of a queue is seen by what is left of it.
const manyRows = fc.array(row, { minLength: 90, maxLength: 150, size: 'max' });

const drawn = fc.record({
  projects: fc.array(
    fc.record({
      upload: fc.boolean(),
      removed: fc.subarray(['dev', 'feature/a', 'pr-7', '__proto__']),
      pull,
      rows: fc.oneof({ weight: 4, arbitrary: rows }, { weight: 1, arbitrary: manyRows }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  rules: fc.array(fc.array(policy, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  keepsMore: fc.constantFrom(...Object.values(KEEPS_MORE)),
  rebuild: fc.boolean(),
  concurrent: fc.option(fc.integer({ min: 1, max: 2 })),
  content: fc.array(fc.constantFrom('one' as const, 'two' as const, 'fails' as const), { maxLength: 6 }),
  most: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 3 }),
  events: fc.array(event, { maxLength: 14 }),
  inQueue,
  // What goes wrong ends many a queue before its time.
  isQuiet: fc.constantFrom(true, false, false),
  ticks: fc.integer({ min: 1, max: 3 }),
});

/** A whole story. What fails when it is built, whether that is tried once more, and the API's limit follow from what was drawn. */
export const story: fc.Arbitrary<Story> = drawn.map(({ keepsMore, isQuiet, ...one }) => ({
  ...one,
  ...(isQuiet ? { events: [], most: null } : {}),
  rules: [...one.rules, (one.rules[0] ?? []).map(keepsMore)],
  projects: one.projects.map((project) => ({ ...project, broken: project.rows.length % 2 === 1 })),
  retryFailed: one.content.length % 2 === 0,
  calls: one.ticks === 3 ? 10 : 1_200,
}));
