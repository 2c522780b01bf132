// The requests to a Git server and to its host's API: what is sent where, and what is made of any answer.

import { describe, expect, it } from 'vitest';
import {
  addressOf,
  apiAuthorization,
  connectedTo,
  type GitSettings,
  gitAuthorization,
  isPath,
  pullApiOf,
  repositoryAt,
} from '../../src/git/address.ts';
import { askHeads } from '../../src/git/ask.ts';
import { askPull } from '../../src/git/pulls.ts';
import { Wanted } from '../../src/git/wanted.ts';
import { bytesOf, fakeGit, GREETING, heads, refsAnswer } from './answers.ts';

const AT = { address: 'https://github.com/acme/docs.git', authorization: 'Basic secret' };
const wanted = new Wanted(['main', 'gone']);
const ask = (fetch: (url: string, init: RequestInit) => Promise<Response>) => askHeads(fetch, AT, wanted);
const ADVERTISEMENT = { 'content-type': 'application/x-git-upload-pack-advertisement' };

describe('asking for branches', () => {
  it.each([false, true])('sends Git’s own two requests, or one (old: %s)', async (old) => {
    const asked: { url: string; init: RequestInit }[] = [];
    const answer = await ask(fakeGit({ refs: heads('main', 'other'), old }, asked));
    expect(answer).toMatchObject({ kind: 'heads', heads: { whole: true, count: 2 } });
    expect(asked.map(({ url }) => url)).toEqual([
      `${AT.address}/info/refs?service=git-upload-pack`,
      ...(old ? [] : [`${AT.address}/git-upload-pack`]),
    ]);
    for (const { init } of asked) {
      expect(init).toMatchObject({ redirect: 'manual' });
      expect(init.headers).toMatchObject({ 'git-protocol': 'version=2', authorization: 'Basic secret' });
      expect((init.headers as Record<string, string>)['user-agent']).toContain('pages-keeper');
    }
    const body = '0014command=ls-refs\n0017object-format=sha1\n0001001bref-prefix refs/heads/\n0000';
    if (!old) expect(asked[1]?.init.body).toBe(body);
  });

  it('a server that names no object format is not given one', async () => {
    let body: unknown;
    await ask(async (url, init) => {
      body = init.body;
      const greeting = GREETING.replace('0017object-format=sha1\n', '');
      return url.includes('info/refs')
        ? new Response(greeting, { headers: ADVERTISEMENT })
        : new Response(null, { status: 500 });
    });
    expect(body).toBe('0014command=ls-refs\n0001001bref-prefix refs/heads/\n0000');
  });

  it('a redirect is not followed, and where it leads is told without what may be secret', async () => {
    let sent = 0;
    const answer = await ask(async () => {
      sent += 1;
      const location = 'https://user:hunter2@evil.example/acme/docs.git/info/refs?token=hunter2';
      return new Response(null, { status: 301, headers: { location } });
    });
    expect(sent).toBe(1);
    expect(answer).toEqual({
      kind: 'unread',
      why: 'it leads to https://evil.example/acme/docs.git/info/refs',
      final: true,
    });
  });

  const TOO_LONG = bytesOf(refsAnswer(heads(...Array.from({ length: 20_000 }, (_, n) => `b-${n}`))));
  it.each<[string, () => Response | Promise<Response>, boolean]>([
    [
      'another content type',
      () => new Response(GREETING, { headers: { 'content-type': 'text/html' } }),
      true,
    ],
    ['no content type', () => new Response(bytesOf(GREETING)), true],
    ['more than 1 MB', () => new Response(TOO_LONG, { headers: ADVERTISEMENT }), true],
    ['404', () => new Response('no', { status: 404, headers: ADVERTISEMENT }), true],
    ['401', () => new Response('no', { status: 401, headers: ADVERTISEMENT }), true],
    ['500', () => new Response('no', { status: 500, headers: ADVERTISEMENT }), false],
    ['206', () => new Response(GREETING, { status: 206, headers: ADVERTISEMENT }), false],
    ['nothing', () => Promise.reject(new Error('connect https://user:hunter2@host failed')), false],
  ])('%s is not read, and says no secret', async (_, respond, final) => {
    const answer = await ask(async () => respond());
    expect(answer).toMatchObject({ kind: 'unread', final });
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|secret/);
  });

  it('is given up after ten seconds', async () => {
    let signal: AbortSignal | null | undefined;
    const { timeout } = AbortSignal;
    const asked: number[] = [];
    AbortSignal.timeout = (ms) => {
      asked.push(ms);
      return timeout.call(AbortSignal, ms);
    };
    await ask(async (_, init) => {
      signal = init.signal;
      return new Response(null, { status: 500 });
    }).finally(() => {
      AbortSignal.timeout = timeout;
    });
    expect(asked).toEqual([10_000]);
    expect(signal).toBeInstanceOf(AbortSignal);
  });
});

describe('addresses', () => {
  it('come from the project’s source, and end in .git', () => {
    const github = connectedTo({ type: 'github', owner: 'acme', repo: 'docs' });
    expect(github && addressOf(github)).toBe('https://github.com/acme/docs.git');
    const gitlab = connectedTo({ type: 'gitlab', owner: 'acme/web', repo: 'docs' });
    expect(gitlab && addressOf(gitlab)).toBe('https://gitlab.com/acme/web/docs.git');
    for (const url of ['https://git.example/acme/docs', 'https://git.example/acme/docs.git/']) {
      const at = repositoryAt(url);
      expect(at && addressOf(at)).toBe('https://git.example/acme/docs.git');
    }
  });

  it.each([
    ['', 'docs'],
    ['acme', ''],
    ['..', 'docs'],
    ['acme', '.'],
    ['acme', 'docs?x'],
    ['acme', 'docs#x'],
    ['acme@evil.example', 'docs'],
    ['acme', 'a\\b'],
    ['acme/x', 'docs'],
    ['acme', 'x/docs'],
    ['acme', 'do cs'],
  ])('%s/%s addresses nothing', (owner, repo) => {
    expect(connectedTo({ type: 'github', owner, repo })).toBeNull();
  });

  it('an unknown kind of source addresses nothing', () => {
    for (const type of ['bitbucket', '__proto__', ''])
      expect(connectedTo({ type, owner: 'acme', repo: 'docs' })).toBeNull();
    expect(isPath('docs')).toBe(false);
  });
});

describe('tokens', () => {
  const settings = (tokens: GitSettings['tokens'], more: Partial<GitSettings> = {}): GitSettings => ({
    ...{ tokens, githubApi: null, gitlabApi: null },
    ...more,
  });
  const opened = (header: string | null) => atob(header?.replace('Basic ', '') ?? '');

  it('go to their own host only', () => {
    const of = settings({ 'github.com': 'gh' });
    expect(opened(gitAuthorization('github.com', of))).toBe('x-access-token:gh');
    for (const host of [
      'gitlab.com',
      'github.com.evil.example',
      'evil.example',
      'github.com:444',
      '__proto__',
    ])
      expect(gitAuthorization(host, of)).toBeNull();
  });

  it('carry the user name that the host wants, or the one that was given', () => {
    expect(opened(gitAuthorization('gitlab.com', settings({ 'gitlab.com': 'gl' })))).toBe('oauth2:gl');
    expect(opened(gitAuthorization('git.example', settings({ 'git.example': 'me:x' })))).toBe('me:x');
    expect(apiAuthorization('git.example', settings({ 'git.example': 'me:x' }))).toBe('Bearer x');
    const enterprise = settings({ 'git.example': 't' }, { githubApi: 'https://git.example/api/v3' });
    expect(opened(gitAuthorization('git.example', enterprise))).toBe('x-access-token:t');
  });

  it('a host’s API is its own', () => {
    expect(pullApiOf('github.com', settings({}))?.baseUrl).toBe('https://api.github.com');
    expect(pullApiOf('gitlab.com', settings({}))?.baseUrl).toBe('https://gitlab.com/api/v4');
    expect(pullApiOf('git.example', settings({}))).toBeNull();
    const own = settings({}, { gitlabApi: 'https://git.example/api/v4' });
    expect(pullApiOf('git.example', own)).toEqual({ kind: 'gitlab', baseUrl: 'https://git.example/api/v4' });
    expect(pullApiOf('other.example', own)).toBeNull();
  });
});

describe('pull requests', () => {
  const GITHUB = { kind: 'github', baseUrl: 'https://api.github.com' } as const;
  const GITLAB = { kind: 'gitlab', baseUrl: 'https://gitlab.com/api/v4' } as const;
  const closed = {
    number: 7,
    state: 'closed',
    created_at: '2026-11-01T00:00:00Z',
    closed_at: '2026-11-02T00:00:00Z',
    base: { repo: { full_name: 'Acme/docs' } },
  };
  const say = (body: unknown, api: typeof GITHUB | typeof GITLAB = GITHUB, init: ResponseInit = {}) => {
    const sent: string[] = [];
    const fetch = async (url: string) => {
      sent.push(url);
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), init);
    };
    return askPull(fetch, api, 'Bearer x', { path: 'acme/docs' }, 7).then((said) => ({ said, sent }));
  };
  const SAID = {
    kind: 'said',
    openedAt: Date.parse('2026-11-01T00:00:00Z'),
    closedAt: Date.parse('2026-11-02T00:00:00Z'),
  };

  it('are asked by number', async () => {
    expect(await say(closed)).toEqual({
      said: SAID,
      sent: ['https://api.github.com/repos/acme/docs/pulls/7'],
    });
    const merged = {
      ...closed,
      number: undefined,
      iid: 7,
      state: 'merged',
      references: { full: 'acme/docs!7' },
    };
    expect(await say(merged, GITLAB)).toEqual({
      said: SAID,
      sent: ['https://gitlab.com/api/v4/projects/acme%2Fdocs/merge_requests/7'],
    });
    expect((await say({ ...closed, state: 'open' })).said).toEqual({ ...SAID, closedAt: null });
  });

  it.each<[string, unknown, ResponseInit?]>([
    ['another number', { ...closed, number: 8 }],
    ['another repository', { ...closed, base: { repo: { full_name: 'acme/other' } } }],
    ['a word that nobody knows', { ...closed, state: 'locked' }],
    ['no time of closing', { ...closed, closed_at: null }],
    ['no time of opening', { ...closed, created_at: 'yesterday' }],
    ['404', closed, { status: 404 }],
    ['a redirect', closed, { status: 301, headers: { location: 'https://evil.example' } }],
    ['half an answer', JSON.stringify(closed).slice(0, 40)],
    ['a list', [closed]],
  ])('%s says nothing', async (_, body, init) => {
    expect((await say(body, GITHUB, init)).said.kind).toBe('unsaid');
  });
});
