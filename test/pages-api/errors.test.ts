// What an answer means: status, code and words of each, and which of them decides.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockEnd,
  type ErrorClass,
  failureOf,
  isApiError,
  PagesApiError,
  refusedAsAliased,
  refusedAsLive,
} from '../../src/pages-api/errors.ts';
import { failure, NOW } from './fake.ts';

const CALL = { method: 'DELETE', path: '/accounts/a/pages/projects/docs/deployments/1' };

const failed = (status: number, body: unknown, retryAfter: string | null = null) =>
  failureOf(CALL, { status, body, retryAfter, now: NOW });
const kindOf = (status: number, code: unknown, message?: unknown) =>
  failed(status, failure(code, message))?.kind;

const THROTTLE = 'Please wait and consider throttling your request speed';

describe('a failure envelope', () => {
  it.each<[number, number, string, ErrorClass]>([
    [404, 8000009, 'The deployment ID you have specified does not exist.', 'gone'],
    [404, 8000007, 'Project not found.', 'project-gone'],
    [400, 8000034, 'You cannot delete the active production deployment.', 'refused'],
    [400, 8000035, 'You cannot delete an aliased deployment without force.', 'refused'],
    [400, 8000024, 'Invalid list options provided.', 'page-refused'],
    [400, 8000096, 'A "manifest" field was expected in the request body.', 'rejected'],
    [400, 8000119, 'Your Pages project has been blocked.', 'unauthorized'],
    [403, 8000119, 'Your Pages project has been blocked.', 'unauthorized'],
    [404, 8000119, 'Your Pages project has been blocked.', 'unauthorized'],
    [500, 8000119, 'Your Pages project has been blocked.', 'in-doubt'],
    [200, 8000119, 'Your Pages project has been blocked.', 'in-doubt'],
    [409, 8000999, 'Who knows', 'rejected'],
    [401, 1000, 'Invalid API Token', 'unauthorized'],
    [401, 10000, 'Authentication error', 'unauthorized'],
    [403, 10000, 'Authentication error', 'unauthorized'],
    [403, 9109, 'Unauthorized to access requested resource', 'unauthorized'],
    [403, 8000009, 'The deployment ID you have specified does not exist.', 'unauthorized'],
    [400, 6003, 'Invalid request headers', 'unauthorized'],
    [400, 6111, 'Invalid format for Authorization header', 'unauthorized'],
    [400, 6103, 'Invalid format for X-Auth-Key header', 'unauthorized'],
    [400, 9103, 'Unknown X-Auth-Key or X-Auth-Email', 'unauthorized'],
    [400, 9106, 'Missing X-Auth-Key', 'unauthorized'],
    [400, 9109, 'Invalid access token', 'unauthorized'],
    [400, 10000, 'Authentication error', 'rejected'],
    [429, 971, THROTTLE, 'blocked'],
    [429, 10000, `Rate limited. ${THROTTLE}`, 'blocked'],
    [429, 10000, 'Authentication error', 'blocked'],
    [429, 8000009, 'gone?', 'blocked'],
    [403, 10000, `Rate limited. ${THROTTLE}`, 'blocked'],
    [400, 10000, 'RATE LIMITED.', 'blocked'],
    [200, 971, 'whatever', 'blocked'],
    [
      200,
      0,
      'More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed',
      'blocked',
    ],
    [503, 971, THROTTLE, 'blocked'],
    [404, 7003, 'Could not route', 'in-doubt'],
    [404, 8000000, 'An unknown error occurred.', 'in-doubt'],
    [400, 8000007, 'Project not found.', 'rejected'],
    [400, 8000009, 'No such deployment.', 'rejected'],
    [500, 8000000, 'An unknown error occurred.', 'in-doubt'],
    [500, 8000009, 'gone?', 'in-doubt'],
    [502, 8000034, 'refused?', 'in-doubt'],
    [504, 10000, 'Authentication error', 'in-doubt'],
    [200, 8000000, 'An unknown error occurred.', 'in-doubt'],
    [200, 8000009, 'gone?', 'in-doubt'],
    [200, 10000, 'Authentication error', 'in-doubt'],
    [302, 8000009, 'gone?', 'in-doubt'],
  ])('of %i with %i, %s, is `%4$s`', (status, code, message, kind) => {
    expect(kindOf(status, code, message)).toBe(kind);
  });

  it('that speaks of the limit further down is a block too', () => {
    const errors = [{ code: 1000, message: 'Internal Server Error' }, null, { code: 971, message: THROTTLE }];
    expect(failed(500, { success: false, errors })?.kind).toBe('blocked');
  });

  it.each([
    ['no errors', { success: false }],
    ['errors that are none', { success: false, errors: 'many' }],
    ['an empty list', { success: false, errors: [] }],
    ['an error that is none', { success: false, errors: [null] }],
    ['a code that is none', failure('8000009', 7)],
  ])('with %s has no code and no words', (_, body) => {
    expect(failed(400, body)).toMatchObject({ kind: 'rejected', code: null });
    expect(failed(400, body)?.message).toBe(`${CALL.method} ${CALL.path}: HTTP 400, no message`);
    expect(failed(404, body)?.kind).toBe('in-doubt');
    expect(failed(401, body)?.kind).toBe('unauthorized');
  });
});

describe('that a call had no effect', () => {
  const said = (status: number, code: number, message = '') =>
    failed(status, failure(code, message))?.startedNothing;

  it.each<[string, number, number, string]>([
    ['429', 429, 971, THROTTLE],
    ['429 with any code', 429, 8000009, 'gone?'],
    ['a 4xx that speaks of the limit', 403, 10000, `Rate limited. ${THROTTLE}`],
    ['401', 401, 10000, 'Authentication error'],
    ['403', 403, 9109, 'Unauthorized to access requested resource'],
    ['a blocked project', 400, 8000119, 'Your Pages project has been blocked.'],
    ['credentials in the wrong form', 400, 6003, 'Invalid request headers'],
    ['a refusal', 400, 8000035, 'You cannot delete an aliased deployment without force.'],
    ['any other no', 400, 8000096, 'A "manifest" field was expected.'],
    ['a deployment that is gone', 404, 8000009, 'The deployment ID you have specified does not exist.'],
  ])('is certain with %s', (_, status, code, message) => {
    expect(said(status, code, message)).toBe(true);
  });

  it.each<[string, number, number, string]>([
    ['a 500 that speaks of the limit', 500, 10000, `Rate limited. ${THROTTLE}`],
    ['a 503 that speaks of the limit', 503, 971, THROTTLE],
    ['a failure within a 200 that speaks of the limit', 200, 971, THROTTLE],
    ['a redirect that speaks of the limit', 302, 971, THROTTLE],
    ['a 500', 500, 8000000, 'An unknown error occurred.'],
    ['a failure within a 200', 200, 8000096, 'A "manifest" field was expected.'],
    ['an unknown 404', 404, 7003, 'Could not route'],
  ])('is not certain with %s', (_, status, code, message) => {
    expect(said(status, code, message)).toBe(false);
  });

  it('is certain with a 429 without a body, and with no other answer without one', () => {
    expect(failed(429, undefined)?.startedNothing).toBe(true);
    for (const status of [200, 302, 400, 401, 403, 404, 500]) {
      expect(failed(status, undefined)?.startedNothing).toBe(false);
    }
  });

  it('is not certain where there was no answer', () => {
    const error = new PagesApiError(CALL, { kind: 'in-doubt', status: 0, code: null, what: 'no answer' });
    expect([error.startedNothing, error.said]).toEqual([false, '']);
  });
});

it("the API's own words are kept apart from where they were said", () => {
  expect(failed(403, failure(8000119, 'Your Pages project has been blocked.'))?.said).toBe(
    'Your Pages project has been blocked.',
  );
  expect(failed(400, { success: false })?.said).toBe('');
  expect(failed(502, undefined)?.said).toBe('');
});

describe('a body without an envelope', () => {
  const bodies = [
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { code: 8000009, error: 'flat' },
    { errors: [{ code: 8000009 }] },
  ];

  it.each([200, 301, 400, 401, 403, 404, 409, 500, 503])('is in doubt, also with %i', (status) => {
    for (const body of bodies) expect(failed(status, body)?.kind).toBe('in-doubt');
  });

  it('of a 429 is a block', () => {
    for (const body of bodies)
      expect(failed(429, body, '7')).toMatchObject({ kind: 'blocked', retryAt: NOW + 7_000 });
  });

  it('is told as such', () => {
    expect(failed(502, undefined)?.message).toBe(`${CALL.method} ${CALL.path}: HTTP 502, no JSON envelope`);
  });
});

describe('a success', () => {
  it.each([200, 201, 204])('is a %i that says so', (status) => {
    expect(failed(status, { success: true, result: null })).toBeNull();
  });

  it.each([
    [199, true],
    [300, true],
    [302, true],
    [400, true],
    [500, true],
    [200, 'true'],
    [200, 1],
    [200, null],
  ])('is not a %i that says success is %j', (status, success) => {
    expect(failed(status, { success })?.kind).toBe('in-doubt');
  });
});

describe('a block', () => {
  it.each<[string | null, number]>([
    ['30', 30_000],
    [' 30 ', 30_000],
    ['0', 1_000],
    ['99999', 3_600_000],
    [new Date(NOW + 120_000).toUTCString(), 120_000],
    [new Date(NOW + 120_000).toISOString(), 120_000],
    [new Date(NOW + 9_000_000).toUTCString(), 3_600_000],
    [new Date(NOW - 60_000).toUTCString(), 300_000],
    ['1.5', 300_000],
    ['soon', 300_000],
    ['', 300_000],
    [null, 300_000],
  ])('with retry-after %j ends after %i ms', (retryAfter, wait) => {
    expect(blockEnd(retryAfter, NOW)).toBe(NOW + wait);
  });
});

describe('an error', () => {
  it('cuts words that are too long', () => {
    const error = failed(400, failure(8000999, 'long '.repeat(1_000)));
    expect(error?.message.length).toBeLessThan(350);
  });

  it('has its retryAt only when blocked', () => {
    expect(failed(500, failure(1), '7')?.retryAt).toBeNull();
    expect(failed(429, failure(1), '7')?.retryAt).toBe(NOW + 7_000);
  });

  it('is known by its class', () => {
    const error = failed(404, failure(8000009));
    expect(error).toBeInstanceOf(PagesApiError);
    expect(isApiError(error)).toBe(true);
    expect(isApiError(error, 'gone')).toBe(true);
    expect(isApiError(error, 'refused', 'gone')).toBe(true);
    expect(isApiError(error, 'refused')).toBe(false);
    expect(isApiError(new Error('gone'), 'gone')).toBe(false);
    expect(error?.name).toBe('PagesApiError');
  });
});

it.each<[number, number, boolean, boolean]>([
  [400, 8000034, true, false],
  [400, 8000035, false, true],
  // Within a 5xx it is in doubt, whatever its code.
  [500, 8000034, false, false],
  [500, 8000035, false, false],
  [400, 8000096, false, false],
])(
  'a delete that failed by %i, %i was refused as live: %j, as aliased: %j',
  (status, code, live, aliased) => {
    const error = failed(status, failure(code));
    expect(error && [refusedAsLive(error), refusedAsAliased(error)]).toEqual([live, aliased]);
  },
);

it('reads any answer whatever without throwing, and takes none for done that does not say so', () => {
  const anything = fc.oneof(fc.anything(), fc.record({ success: fc.boolean(), errors: fc.anything() }));
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), anything, (status, body) => {
      const failure = failed(status, body);
      if (failure !== null) expect(['gone', 'project-gone']).not.toContain(failure.kind);
      else expect(body).toMatchObject({ success: true });
    }),
    { numRuns: 2_000 },
  );
});
