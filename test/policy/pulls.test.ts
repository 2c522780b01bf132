// Which previews of pull requests are gone: only by an answer for that number and that repository which says closed or merged, an hour ago
// or more, of a pull request that is older than what was deployed. Read from the answers of the hosts, held against a second opinion.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PullApi } from '../../src/git/address.ts';
import { askPull } from '../../src/git/pulls.ts';
import type { GitKnown, GitProject } from '../../src/policy/git.ts';
import { closedPulls, pullOf, pullsToAsk } from '../../src/policy/pulls.ts';
import { DAY, HOUR, MINUTE, NOW, policy } from './fixture.ts';

const POLICIES = [policy({ goneBranchesAfterDays: 0, pullRequests: 'pr-{number}' })];
const GITHUB: PullApi = { kind: 'github', baseUrl: 'https://api.github.com' };
const GITLAB: PullApi = { kind: 'gitlab', baseUrl: 'https://gitlab.com/api/v4' };
const PATH = 'acme/docs';
const iso = (at: number) => new Date(at).toISOString();

const github = (change: object = {}) => ({
  ...{ number: 7, state: 'closed', base: { repo: { full_name: 'Acme/Docs' } } },
  ...{ created_at: iso(NOW - 9 * DAY), closed_at: iso(NOW - 2 * HOUR), merged_at: null },
  ...change,
});
const gitlab = (change: object = {}) => ({
  ...{ iid: 7, state: 'merged', references: { full: 'acme/docs!7' } },
  ...{ created_at: iso(NOW - 9 * DAY), closed_at: null, merged_at: iso(NOW - 2 * HOUR) },
  ...change,
});

/** What an answer leaves of branch `pr-7`: since when it is gone, or that it is not. */
async function goneBy(
  api: PullApi,
  body: unknown,
  {
    status = 200,
    off = (NOW - 5 * DAY) as number | null,
    newestAt = (NOW - 3 * DAY) as number | null,
    askedAt = NOW,
    strayAt = 0 as number | null,
  } = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const fetch = () => Promise.resolve(new Response(text, { status }));
  const answer = await askPull(fetch, api, 'Bearer x', { path: PATH }, 7);
  const said = answer.kind === 'said' ? answer : { openedAt: null, closedAt: null };
  const pull = { number: 7, askedAt, openedAt: said.openedAt, closedAt: said.closedAt };
  const branch = { had: null, off, label: true, pull };
  const known: GitKnown = {
    ...{ address: 'x', readAt: NOW, believedAt: NOW, held: null, tips: [] },
    branches: new Map([['pr-7', branch]]),
  };
  return closedPulls(known, project(newestAt), strayAt, POLICIES).get('pr-7') ?? null;
}

const project = (newestAt: number | null, ...names: string[]): GitProject => ({
  ...{ productionBranch: 'main', commits: new Set(), own: true },
  branches: new Map(['pr-7', ...names].map((name) => [name, { newestAt, otherAt: newestAt, pushed: false }])),
});

describe('the pattern', () => {
  it.each([
    ['pr-7', 7],
    ['pr-123456789', 123_456_789],
    ['pr-1234567890', null],
    ['pr-07', null],
    ['pr-0', null],
    ['pr-', null],
    ['pr-7a', null],
    ['xpr-7', null],
    ['PR-7', null],
    ['pr--7', null],
    ['pr-٧', null],
  ])('pr-{number} of %s is %s', (branch, number) => {
    expect(pullOf(branch, POLICIES)).toBe(number);
  });

  it('has its place anywhere, and is that of the first policy that covers the branch', () => {
    const patterned = (pullRequests: string | null, branches = ['*']) =>
      policy({ goneBranchesAfterDays: 0, pullRequests, branches });
    expect(pullOf('mr/12/preview', [patterned('mr/{number}/preview')])).toBe(12);
    expect(pullOf('aa', [patterned('a{number}a')])).toBeNull();
    expect(pullOf('a', [patterned('a{number}a')])).toBeNull();
    expect(pullOf('pr-7', [patterned(null, ['pr-*']), patterned('pr-{number}')])).toBeNull();
  });
});

it('asks about ten, the longest unasked first, and about none that Git holds', () => {
  const names = Array.from({ length: 14 }, (_, n) => `pr-${n + 20}`);
  const branches: GitKnown['branches'] = new Map(
    names.map((name, n) => [
      name,
      {
        had: null,
        off: n === 3 ? null : NOW,
        label: false,
        ...(n < 8 && { pull: { number: n + 20, askedAt: NOW - n, openedAt: null, closedAt: null } }),
      },
    ]),
  );
  const asked = [...pullsToAsk({ branches }, { ...project(NOW, 'main', ...names) }, POLICIES).values()];
  expect(asked).toEqual([28, 29, 30, 31, 32, 33, 27, 26, 25, 24]);
});

it('a production branch of that form is no pull request’s', () => {
  const pull = { number: 7, askedAt: NOW, openedAt: NOW - 9 * DAY, closedAt: NOW - 2 * HOUR };
  const known: GitKnown = {
    ...{ address: 'x', readAt: NOW, believedAt: NOW, held: null, tips: [] },
    branches: new Map([['pr-7', { had: null, off: NOW - DAY, label: false, pull }]]),
  };
  const of = (productionBranch: string) => ({ ...project(NOW - 3 * DAY), productionBranch });
  expect([...closedPulls(known, of('main'), 0, POLICIES).keys()]).toEqual(['pr-7']);
  expect([...closedPulls(known, of('PR-7'), 0, POLICIES).keys()]).toEqual([]);
  expect([...pullsToAsk(known, of('PR-7'), POLICIES).keys()]).toEqual([]);
});

describe('closed', () => {
  it('counts from the closing, or from what was deployed later', async () => {
    expect(await goneBy(GITHUB, github())).toBe(NOW - 2 * HOUR);
    expect(await goneBy(GITLAB, gitlab())).toBe(NOW - 2 * HOUR);
    expect(
      await goneBy(GITLAB, gitlab({ state: 'closed', closed_at: iso(NOW - HOUR), merged_at: null })),
    ).toBe(NOW - HOUR);
    expect(await goneBy(GITHUB, github(), { newestAt: NOW - HOUR })).toBe(NOW - HOUR);
    expect(await goneBy(GITHUB, github(), { strayAt: NOW - MINUTE })).toBe(NOW - MINUTE);
  });

  it.each<[string, PullApi, unknown, Parameters<typeof goneBy>[2]?]>([
    ['open', GITHUB, github({ state: 'open' })],
    ['opened', GITLAB, gitlab({ state: 'opened' })],
    ['locked', GITLAB, gitlab({ state: 'locked' })],
    ['of another number', GITHUB, github({ number: 8 })],
    ['of another number', GITLAB, gitlab({ iid: 8 })],
    ['of another repository', GITHUB, github({ base: { repo: { full_name: 'acme/other' } } })],
    ['of another repository', GITLAB, gitlab({ references: { full: 'acme/other!7' } })],
    ['closed just now', GITHUB, github({ closed_at: iso(NOW - HOUR + 1) })],
    ['closed at no time', GITHUB, github({ closed_at: null })],
    ['closed some time', GITLAB, gitlab({ merged_at: 'yesterday' })],
    ['opened after what was deployed', GITHUB, github({ created_at: iso(NOW - 3 * DAY) })],
    ['opened at no time', GITLAB, gitlab({ created_at: 7 })],
    ['not there', GITHUB, github(), { status: 404 }],
    ['moved', GITHUB, github(), { status: 301 }],
    ['broken', GITLAB, gitlab(), { status: 500 }],
    ['refused', GITLAB, gitlab(), { status: 401 }],
    ['no JSON', GITHUB, '<html>'],
    ['a list', GITHUB, [github()]],
    ['null', GITLAB, null],
    ['huge', GITLAB, gitlab({ title: 'x'.repeat(1_000_001) })],
    ['of a branch that Git holds', GITHUB, github(), { off: null }],
    ['asked before the last reading', GITHUB, github(), { askedAt: NOW - 1 }],
    ['deployed anew since', GITHUB, github(), { newestAt: NOW }],
    ['of unknown deployments', GITHUB, github(), { newestAt: null }],
    ['beside deployments of no branch', GITHUB, github(), { strayAt: null }],
    ['beside a deployment of no branch since', GITHUB, github(), { strayAt: NOW }],
  ])('is nothing that is %s', async (_, api, body, change) => {
    expect(await goneBy(api, body, change)).toBeNull();
  });
});

/** The same, written down once more from the rule. */
function mayBeGone(
  api: PullApi,
  body: Record<string, unknown>,
  newestAt: number,
  off: number | null,
): boolean {
  const isHub = api.kind === 'github';
  const times = ['created_at', 'closed_at', 'merged_at'].map((key) =>
    new Date(body[key] as string).getTime(),
  );
  const [opened = 0, closed, merged] = times;
  const names = isHub
    ? body.number === 7 && (body.base as { repo: { full_name: string } }).repo.full_name === PATH
    : body.iid === 7 && (body.references as { full: string }).full === `${PATH}!7`;
  const isOver = isHub ? body.state === 'closed' : ['closed', 'merged'].includes(String(body.state));
  const ended = body.merged_at === null ? closed : merged;
  return (
    names && isOver && off !== null && opened < newestAt && newestAt < NOW && NOW - HOUR >= (ended ?? NOW)
  );
}

it('whatever a host answers, only what an answer supports is gone', async () => {
  const time = fc.integer({ min: -6, max: 1 }).map((halfHours) => iso(NOW + halfHours * 30 * MINUTE));
  const answers = fc.record({
    number: fc.constantFrom(7, 7, 7, 8, '7', null),
    iid: fc.constantFrom(7, 7, 7, 8, '7', null),
    state: fc.constantFrom('open', 'opened', 'closed', 'closed', 'merged', 'locked', 'new', null),
    base: fc.constantFrom(PATH, PATH, 'acme/other', '').map((full_name) => ({ repo: { full_name } })),
    references: fc.constantFrom(`${PATH}!7`, `${PATH}!7`, `${PATH}!8`, '!7').map((full) => ({ full })),
    created_at: time,
    closed_at: time,
    merged_at: fc.option(time),
  });
  const newest = fc.integer({ min: -6, max: 1 }).map((halfHours) => NOW + halfHours * 30 * MINUTE);
  const seen = { gone: 0, stays: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(GITHUB, GITLAB),
      answers,
      newest,
      fc.constantFrom(NOW, NOW, null),
      async (api, body, newestAt, off) => {
        const gone = await goneBy(api, body, { newestAt, off });
        expect(gone !== null).toBe(mayBeGone(api, body, newestAt, off));
        seen[gone === null ? 'stays' : 'gone'] += 1;
      },
    ),
    { numRuns: 4_000 },
  );
  expect(seen.gone).toBeGreaterThan(20);
  expect(seen.stays).toBeGreaterThan(20);
});
