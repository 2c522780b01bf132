// What is seen of the API while it is asked, and what is said of it.

import { describe, expect, test } from 'vitest';
import { apiSection, concludeApi } from '../../doctor/api-section.ts';
import { addExchange, NOTHING_SEEN } from '../../doctor/behaviour.ts';
import type { ProjectPlan } from '../../doctor/project-plan.ts';
import { ago, deployment, PRODUCTION } from '../policy/fixture.ts';
import { expired, HEAD, type LIVE, plan, project } from './fixture.ts';

const LIMITS = { 'ratelimit-policy': '"default";q=1200;w=300', ratelimit: '"default";r=1100;t=30' };
const LIST = '/accounts/a/pages/projects/docs/deployments';

interface Answered {
  readonly path?: string;
  readonly page?: number;
  readonly perPage?: number | null;
  /** Days of age, in the order of the list. */
  readonly ages?: readonly number[];
  readonly info?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly refused?: boolean;
}

/** An answer: by default page 1 of one with three deployments, as the API sends it. */
function answer({ path = LIST, page = 1, perPage = 25, ages = [1, 2, 3], ...rest }: Answered = {}) {
  const url = new URL(`https://api.example.com/client/v4${path}`);
  if (perPage !== null)
    url.search = new URLSearchParams({ page: `${page}`, per_page: `${perPage}` }).toString();
  const result = ages.map((age) => ({ created_on: new Date(ago(age)).toISOString() }));
  const counted = { page, per_page: perPage, count: ages.length, total_count: ages.length, total_pages: 1 };
  const body = rest.refused
    ? { result: null, success: false, errors: [{ code: 8_000_024, message: '' }] }
    : { result, success: true, errors: [], result_info: { ...counted, ...rest.info } };
  const status = rest.refused ? 400 : 200;
  return { url, status, headers: new Headers(rest.headers ?? LIMITS), body };
}

const seen = (...answers: Answered[]) => answers.map(answer).reduce(addExchange, NOTHING_SEEN);

/** What the section says of one thing, and what is to be minded. */
function said(what: string, answers: Answered[], plans: readonly ProjectPlan[] = []) {
  const behaviour = seen(...answers);
  const line = apiSection(behaviour, plans).find((each) => each.trim().startsWith(what)) ?? '';
  return [line.trim().slice(what.length).trim(), concludeApi(behaviour, plans).mind] as const;
}

const FIRST = { page: 1, perPage: 2, ages: [1, 2], info: { total_count: 3, total_pages: 2 } };
const SECOND = { page: 2, perPage: 2, ages: [3], info: { total_count: 3, total_pages: 2 } };
const PROJECTS = { path: '/accounts/a/pages/projects', perPage: 10 };

describe('the order', () => {
  test('newest first, from page to page', () => {
    expect(said('order', [FIRST, SECOND, {}])).toEqual(['newest first, on 3 pages', []]);
    // A row that came on top pushes the last one to the next page.
    expect(said('order', [FIRST, { ...SECOND, ages: [2] }])[1]).toEqual([]);
  });

  test.each([
    ['within a page', [{ ages: [2, 1, 3] }], '1 of 1 page'],
    ['from one page to the next', [FIRST, { ...SECOND, ages: [1.5] }], '1 of 2 pages'],
  ])('otherwise %s', (_, answers, on) => {
    const [line, mind] = said('order', answers);
    expect(line).toBe(`not newest first, on ${on}`);
    expect(mind).toEqual([expect.stringContaining('every id is remembered instead')]);
  });

  test('of projects, and of two different lists, is none', () => {
    expect(said('order', [{ ...PROJECTS, ages: [1, 2, 1] }])[1]).toEqual([]);
    expect(said('order', [FIRST, { ...SECOND, path: LIST.replace('docs', 'shop'), ages: [1.5] }])[1]).toEqual(
      [],
    );
  });
});

test('sizes of pages that are refused are named, once each', () => {
  const answers = [{ refused: true }, { refused: true }, { ...PROJECTS, refused: true }, {}];
  expect(said('page sizes', [{}])).toEqual(['accepted', []]);
  expect(said('page sizes', answers)).toEqual([
    'refused: pages of 25 deployments and 10 projects',
    [expect.stringContaining('smaller ones are read')],
  ]);
});

describe('totals', () => {
  test.each<[string, Answered[]]>([
    ['of a list, its last page too', [FIRST, SECOND]],
    ['of an empty list, which may have no page', [{ ages: [], info: { total_pages: 0 } }]],
    ['without total_pages and count', [{ info: { total_pages: undefined, count: undefined } }]],
    ['of a bare call', [{ perPage: null, info: { total_count: 9 } }]],
    ['behind the last page', [{ ...SECOND, page: 3, ages: [] }]],
  ])('that fit: %s', (_, answers) => {
    expect(said('totals', answers)[1]).toEqual([]);
  });

  test.each<[string, Answered]>([
    ['more than the rows', { info: { total_count: 4 } }],
    ['fewer', { info: { total_count: 2 } }],
    ['another count', { info: { count: 2 } }],
    ['more pages', { info: { total_pages: 2 } }],
    ['a short page within', { ...FIRST, ages: [1] }],
    ['a bare call with more rows than there are', { perPage: null, info: { total_count: 2 } }],
  ])('that do not: %s', (_, other) => {
    const [line, mind] = said('totals', [{}, other]);
    expect(line).toBe('not those of the rows on 1 of 2 pages');
    expect(mind).toEqual([expect.stringContaining('left alone')]);
  });

  test('that are missing', () => {
    expect(said('totals', [{}, { info: { total_count: undefined } }])[0]).toBe('missing on 1 of 2 pages');
    expect(said('totals', [{ info: { total_count: '3' } }])[0]).toBe('missing on 1 of 1 page');
  });
});

test('limits are told as they are, and that they are not told', () => {
  expect(said('limits', [{}])).toEqual(['1,200 calls in 300 s; 1,100 left', []]);
  const [none, mind] = said('limits', [{ headers: {} }]);
  expect([none, mind]).toEqual(['not sent', [expect.stringContaining('1,200 calls in 300 s are kept to')]]);
  expect(said('limits', [{}, { headers: {} }])[0]).toBe(
    '1,200 calls in 300 s; 1,100 left; not sent with 1 of 2 pages',
  );
});

describe('the deployments that a project names', () => {
  const named = (change: Parameters<typeof project>[0], rows = expired(1)) =>
    said('newest, live', [{}], [plan(rows, { project: project(change) })]);

  test('are those of its list', () => {
    expect(named({})).toEqual(['in the lists of 1 project', []]);
    expect(named({ latest: null, canonical: null })[1]).toEqual([]);
  });

  test.each([
    ['newest', { latest: deployment({ id: 'of-nobody' }) }, 'docs: its newest deployment is not in its list'],
    ['live', { canonical: deployment({ id: 'of-nobody' }) }, 'docs: its live deployment is not in its list'],
    ['a preview', { canonical: HEAD }, 'docs: its live deployment is not a successful one of production'],
  ])('are not: %s', (_, change, words) => {
    expect(named(change)).toEqual([words, [expect.stringContaining(words)]]);
  });

  test('are not: one that failed', () => {
    const failed = deployment({ ...PRODUCTION, id: 'failed-and-live', stageStatus: 'failure' });
    expect(named({ canonical: failed }, [failed])[0]).toContain('not a successful one of production');
  });
});

test('words that are not known are named', () => {
  const words = (change: Partial<typeof LIVE>) => said('words', [{}], [plan([deployment(change)])]);
  expect(words({})).toEqual(['all known, in 3 deployments', []]);
  expect(words({ stage: 'publish' })).toEqual([
    'unknown in 1 deployment: preview/publish/success',
    [expect.stringContaining('Such a deployment is kept.')],
  ]);
  expect(words({ environment: 'unknown' })[0]).toContain('unknown/deploy/success');
});

test('where nothing was read, nothing is said to be fine', () => {
  expect(apiSection(NOTHING_SEEN, []).filter((line) => line.includes('not seen'))).toHaveLength(3);
  expect(concludeApi(seen({}), []).mind).toEqual([]);
});
