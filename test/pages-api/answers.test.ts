// What the client makes of an answer: rows and totals of a proper one; for each improper one a class, and words that tell
// which call it was and no secret.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorClass } from '../../src/pages-api/errors.ts';
import { failure, fakeApi, ID, json, NOW, success, thrown } from './fake.ts';
import { DIRECT_UPLOAD, LIST_INFO, LIVE, PREVIEW, PROJECT } from './wire.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const PATH = `/accounts/account-1/pages/projects/docs/deployments/${ID}`;
const remove = (answer: () => Response | Promise<Response>) =>
  fakeApi(answer).api.deleteDeployment('docs', ID);

describe('a list', () => {
  it('is its rows in their order, and what result_info says', async () => {
    const { api } = fakeApi(() => success([PREVIEW, LIVE, DIRECT_UPLOAD], LIST_INFO));
    const { rows, totalCount, totalPages } = await api.listDeployments('docs', null);
    expect(rows.map(({ id }) => id)).toEqual([PREVIEW.id, LIVE.id, DIRECT_UPLOAD.id]);
    expect({ totalCount, totalPages }).toEqual({ totalCount: 28, totalPages: 2 });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an odd thing', 'many'],
    ['no totals', { page: 1 }],
    ['wrong totals', { total_count: '28', total_pages: -1 }],
    ['broken totals', { total_count: 1.5, total_pages: null }],
  ])('of which result_info says %s has no totals', async (_, info) => {
    const { api } = fakeApi(() => json(200, { result: [LIVE], success: true, result_info: info }));
    expect(await api.listDeployments('docs', null)).toMatchObject({ totalCount: null, totalPages: null });
  });

  it('past its end is empty', async () => {
    const { api } = fakeApi(() => success([], { total_count: 0, total_pages: 0 }));
    expect(await api.listProjects(null)).toEqual({
      rows: [],
      unread: 0,
      totalCount: 0,
      totalPages: 0,
      projectId: null,
    });
  });

  it.each([
    ['of its first row', [PREVIEW, { project_id: 'other' }], PREVIEW.project_id],
    ['of no row', [], null],
    ['of a first row that cannot be read', [null], null],
    ['that is no text', [{ project_id: 7 }], null],
  ])('tells the project id %s', async (_, rows, id) => {
    expect((await fakeApi(() => success(rows)).api.listDeployments('docs', null)).projectId).toBe(id);
  });

  it('keeps a deployment that cannot be read, since the total counts it', async () => {
    const { api } = fakeApi(() => success([null, 7, {}]));
    expect((await api.listDeployments('docs', null)).rows.map(({ id }) => id)).toEqual(['', '', '']);
  });

  it('leaves out a project that cannot be read', async () => {
    const { api } = fakeApi(() => success([PROJECT, { id: 'x' }, null]));
    expect((await api.listProjects(null)).rows.map(({ name }) => name)).toEqual(['example-docs']);
  });

  it.each([null, undefined, {}, 'rows'])(
    'with %j for rows is in doubt, and never taken for empty',
    async (result) => {
      const { api } = fakeApi(() => json(200, { result, success: true, errors: [], messages: [] }));
      for (const call of [api.listProjects(null), api.listDeployments('docs', null)]) {
        const error = await thrown(call);
        expect(error.kind).toBe('in-doubt');
        expect(error.message).toMatch(/^GET \/accounts\/account-1\/pages\/projects.*: a list without rows$/);
      }
    },
  );
});

describe('a single one', () => {
  it('is read', async () => {
    const { api } = fakeApi(({ url }) => success(url.endsWith('/docs') ? PROJECT : PREVIEW));
    expect((await api.getProject('docs')).name).toBe('example-docs');
    expect((await api.getDeployment('docs', ID)).branch).toBe('feature-search');
    expect((await api.createDeployment('docs', 'main')).id).toBe(PREVIEW.id);
  });

  it.each([null, {}, []])('that is no project (%j) is in doubt', async (result) => {
    const error = await thrown(fakeApi(() => success(result)).api.getProject('docs'));
    expect(error.kind).toBe('in-doubt');
    expect(error.message).toBe('GET /accounts/account-1/pages/projects/docs: a project without id or name');
  });

  it('deleted is a success with nothing in it', async () => {
    await expect(remove(() => success(null))).resolves.toBeUndefined();
  });
});

const HTML = '<!DOCTYPE html><html><body>CANARY-body</body></html>';
const text = (status: number, body: string) => () => new Response(body, { status });

// What each answer means, over the wire.
const ANSWERS: [string, ErrorClass, () => Response][] = [
  ['404 with 8000009', 'gone', () => json(404, failure(8000009))],
  ['404 with 8000007', 'project-gone', () => json(404, failure(8000007))],
  ['400 with 8000034', 'refused', () => json(400, failure(8000034))],
  ['400 with 8000035', 'refused', () => json(400, failure(8000035))],
  ['400 with 8000024', 'page-refused', () => json(400, failure(8000024))],
  ['401 with an envelope', 'unauthorized', () => json(401, failure(1000))],
  ['403 with 10000', 'unauthorized', () => json(403, failure(10000, 'Authentication error'))],
  ['429', 'blocked', () => json(429, failure(971))],
  ['429 with 10000', 'blocked', () => json(429, failure(10000, 'Rate limited.'))],
  ['429 of HTML', 'blocked', text(429, HTML)],
  ['971 in a 200', 'blocked', () => json(200, failure(971))],
  ['an unknown code', 'rejected', () => json(400, failure(8000999))],
  ['500', 'in-doubt', () => json(500, failure(8000000))],
  ['502 of HTML', 'in-doubt', text(502, HTML)],
  ['403 of HTML', 'in-doubt', text(403, HTML)],
  ['404 without an envelope', 'in-doubt', text(404, HTML)],
  ['404 with another code', 'in-doubt', () => json(404, failure(7003))],
  ['200 of HTML', 'in-doubt', text(200, HTML)],
  ['200 with nothing', 'in-doubt', text(200, '')],
  ['204', 'in-doubt', () => new Response(null, { status: 204 })],
  ['cut-off JSON', 'in-doubt', text(200, '{"result":null,"success":tr')],
  ['success:false in a 200', 'in-doubt', () => json(200, failure(8000000))],
  ['success of "true"', 'in-doubt', () => json(200, { result: null, success: 'true' })],
  [
    '301',
    'in-doubt',
    () => new Response(null, { status: 301, headers: { location: 'https://elsewhere.test/' } }),
  ],
  ['307 with an envelope of success', 'in-doubt', () => json(307, { result: null, success: true })],
];

describe('an answer that is no success', () => {
  it.each(ANSWERS)('%s is `%s`', async (_, kind, answer) => {
    const error = await thrown(remove(answer));
    expect(error.kind).toBe(kind);
    expect(error.status).toBe(answer().status);
    expect(error.message.startsWith(`DELETE ${PATH}: HTTP ${answer().status}, `)).toBe(true);
    expect(error.retryAt !== null).toBe(kind === 'blocked');
  });

  it('says until when to wait', async () => {
    const answer = (headers: Record<string, string>) => () => json(429, failure(971), headers);
    expect((await thrown(remove(answer({ 'retry-after': '42' })))).retryAt).toBe(NOW + 42_000);
    expect((await thrown(remove(answer({})))).retryAt).toBe(NOW + 300_000);
  });

  it('is told with its code and the words of the API', async () => {
    const words = 'You cannot delete the active production deployment.';
    const error = await thrown(remove(() => json(400, failure(8000034, words))));
    expect(error.message).toBe(`DELETE ${PATH}: HTTP 400, ${words} (code 8000034)`);
    expect(error.code).toBe(8000034);
  });
});

describe('no answer', () => {
  it.each([
    ['a dropped connection', new TypeError('Network connection lost: Bearer CANARY-token'), 'no answer'],
    ['a time-out', new DOMException('CANARY-token', 'TimeoutError'), 'no answer within 30 s'],
    ['whatever else is thrown', 'CANARY-token', 'no answer'],
  ])('after %s is in doubt', async (_, reason, words) => {
    const error = await thrown(remove(() => Promise.reject(reason)));
    expect(error).toMatchObject({ kind: 'in-doubt', status: 0, code: null, retryAt: null });
    expect(error.message).toBe(`DELETE ${PATH}: ${words}`);
  });

  it('comes after 30 s', async () => {
    const given: number[] = [];
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      given.push(ms);
      return timeout(5);
    });
    const { api } = fakeApi(
      ({ init }) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        }),
    );
    const error = await thrown(api.deleteDeployment('docs', ID));
    expect(error.message).toContain('no answer within 30 s');
    expect(given).toEqual([30_000]);
  });
});

describe('the time-out', () => {
  const signals = async (...times: number[]) => {
    let now = 0;
    const { api, sent } = fakeApi(() => success([]), { now: () => now });
    for (now of times) await api.listProjects(null);
    return sent.map(({ init }) => init.signal);
  };

  it('is one for calls that begin within five seconds', async () => {
    const [first, second, third] = await signals(1_000, 5_999, 6_000);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('is another one where the clock was set back', async () => {
    const [first, second] = await signals(10_000, 9_000);
    expect(second).not.toBe(first);
  });
});

describe('an error', () => {
  const secrets = { env_vars: { KEY: { type: 'plain_text', value: 'CANARY-env' } } };
  const leaky = { ...failure(8000999, 'Odd'), result: secrets, messages: [{ message: 'CANARY-body' }] };
  const FIELDS = new Set(['name', 'kind', 'status', 'code', 'retryAt', 'said', 'startedNothing']);
  const headers = { 'set-cookie': 'CANARY-cookie', 'x-secret': 'CANARY-header' };

  it.each<[string, () => Response | Promise<Response>]>([
    ['an envelope', () => json(400, leaky, headers)],
    [
      'an error chain',
      () =>
        json(400, {
          success: false,
          errors: [
            { code: 6003, message: 'Invalid request headers', error_chain: [{ message: 'CANARY-chain' }] },
          ],
        }),
    ],
    ['HTML', text(502, HTML)],
    ['cut-off JSON', text(200, '{"result":{"env_vars":"CANARY-env"')],
  ])('of %s holds no secret anywhere', async (_, answer) => {
    for (const credentials of [
      { kind: 'token', token: 'CANARY-token' } as const,
      { kind: 'key', email: 'CANARY@example.com', key: 'CANARY-key' } as const,
    ]) {
      const { api } = fakeApi(answer, { credentials });
      const calls = [
        api.deleteDeployment('docs', ID),
        api.createDeployment('docs', 'CANARY-branch'),
        api.listProjects(null),
      ];
      for (const call of calls) {
        const error = await thrown(call);
        const everything = [error.message, String(error), error.stack, JSON.stringify(error), error.cause];
        expect(everything.join('\n')).not.toContain('CANARY');
        expect(new Set(Object.keys(error))).toEqual(FIELDS);
      }
    }
  });

  it.each([
    { kind: 'token', token: 'CANARY-token' } as const,
    { kind: 'key', email: 'me@example.com', key: 'CANARY-key' } as const,
  ])('holds no $kind that the runtime named when it could not send it', async (credentials) => {
    const secret = credentials.kind === 'token' ? credentials.token : credentials.key;
    const refuse = () => Promise.reject(new TypeError(`Invalid header value: "${secret}"`));
    const { api } = fakeApi(refuse, { credentials });
    const error = await thrown(api.listProjects(null));
    const cause = error.cause as Error;
    expect(cause.message).toBe('what was thrown names the credentials');
    expect([error.message, error.stack, cause.message, cause.stack].join()).not.toContain('CANARY');
  });

  it('keeps what was thrown as its cause, on the way there and on the way back', async () => {
    const lost = new Error('Network connection lost.');
    const there = fakeApi(() => Promise.reject(lost));
    expect(await thrown(there.api.listProjects(null))).toMatchObject({ kind: 'in-doubt', cause: lost });
    const back = fakeApi(() => new Response(new ReadableStream({ pull: (stream) => stream.error(lost) })));
    expect(await thrown(back.api.listProjects(null))).toMatchObject({
      kind: 'in-doubt',
      status: 200,
      cause: lost,
    });
  });

  it('of the program is no answer of the API: it is thrown as it is', async () => {
    const mistake = new TypeError('undefined is not a function');
    const { api } = fakeApi(() => json(200, { success: true, result: [] }), {
      now: () => {
        throw mistake;
      },
    });
    await expect(api.listProjects(null)).rejects.toBe(mistake);
  });
});
