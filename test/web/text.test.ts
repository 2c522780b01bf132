// Text, times and links: what comes out of hostile and of ordinary input.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchAlias, branchUrl, commitUrl, filterPath, sharingAlias } from '../../src/web/model/links.ts';
import { clean, count, cut, hostUrl, httpsUrl, list, plural } from '../../src/words/text.ts';
import { brief, clock, duration, iso, relative, utc } from '../../src/words/time.ts';
import { there, zoneOf } from '../../src/words/zone.ts';
import { DAY, deployment, HOUR, MINUTE, NOW, project } from './fixtures.ts';

describe('clean', () => {
  it.each([
    ['bidi override', 'a\u202eb', 'a\ufffdb'],
    ['bidi isolate', 'a\u2066b', 'a\ufffdb'],
    ['zero-width space', 'ma\u200bin', 'ma\ufffdin'],
    ['joiner outside an emoji', 'ma\u200din', 'ma\ufffdin'],
    ['escape', '\u001b[31mred', '\ufffd[31mred'],
    ['null', 'a\u0000b', 'a\ufffdb'],
    ['C1 control', 'a\u009bb', 'a\ufffdb'],
    ['tag characters', 'a\u{e0041}b', 'a\ufffdb'],
    ['blank letter', 'a\u3164b', 'a\ufffdb'],
    ['non-character', 'a\uffffb', 'a\ufffdb'],
    ['half a pair', 'a\ud800b', 'a\ufffdb'],
    ['line break', 'a\r\n\tb', 'a b'],
    ['pile of accents', `a${'\u0301'.repeat(50)}b`, 'a\u0301\u0301\u0301b'],
  ])('makes a %s visible', (_, hostile, safe) => {
    expect(clean(hostile)).toBe(safe);
  });

  it.each(['Grüße, 日本語, עברית', '👩‍💻 👍🏽 🏳️‍🌈', 'feat/new-nav_2.0'])('leaves %s alone', (text) => {
    expect(clean(text)).toBe(text);
  });
});

describe('cut', () => {
  it('adds an ellipsis and never splits a pair', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('a👍👍', 3)).toBe('a…');
  });
});

describe('links', () => {
  it.each([
    'http://x.pages.dev',
    'javascript:alert(1)',
    'https://',
    'https://user:secret@x.pages.dev',
    ' https://x.pages.dev',
    'HTTPS://x.pages.dev',
    `https://x.pages.dev/${'a'.repeat(2_000)}`,
    '//x.pages.dev',
  ])('goes nowhere for %s', (url) => {
    expect(httpsUrl(url)).toBeNull();
  });

  it('keeps an origin as the API writes it', () => {
    expect(httpsUrl('https://x.pages.dev')).toBe('https://x.pages.dev');
    expect(httpsUrl('https://x.pages.dev/a"b')).toBe('https://x.pages.dev/a%22b');
  });

  it('says of any host what the parser says of it', () => {
    const part = fc.stringMatching(/^(xn--|[a-z0-9-]|[A-Z_.:@/]){0,12}$/);
    const host = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    let plain = 0;
    fc.assert(
      fc.property(
        fc.oneof(host, fc.constantFrom('1.2.3.4', '0x7f.1', 'a.1', 'xn--a.dev', 'docs.pages.dev')),
        (name) => {
          const url = `https://${name}`;
          const parsed = URL.parse(url);
          const taken = parsed !== null && parsed.username + parsed.password === '' ? parsed : null;
          const expected = taken && (taken.href === `${taken.origin}/` ? taken.origin : taken.href);
          expect(httpsUrl(url), url).toBe(expected);
          if (expected === url) plain += 1;
        },
      ),
      { numRuns: 3_000 },
    );
    expect(plain).toBeGreaterThan(300);
  });

  it.each(['x.pages.dev/path', 'x@evil.test', 'a b', '', 'x:8080', '"><b>'])(
    'takes %s for no host',
    (host) => {
      expect(hostUrl(host)).toBeNull();
    },
  );

  it('links a commit at GitHub and GitLab, groups included', () => {
    const hash = '0123456789abcdef';
    const at = (type: string, owner: string, repo: string) =>
      commitUrl(project({ source: { type, owner, repo } }), hash);
    expect(at('github', 'o', 'r')).toBe(`https://github.com/o/r/commit/${hash}`);
    expect(at('gitlab', 'group/sub', 'r')).toBe(`https://gitlab.com/group/sub/r/-/commit/${hash}`);
    expect(at('github', 'o"><b>', 'r')).toBe(`https://github.com/o%22%3E%3Cb%3E/r/commit/${hash}`);
    expect(at('github', '..', 'r')).toBeNull();
    expect(at('constructor', 'o', 'r')).toBeNull();
    expect(at('bitbucket', 'o', 'r')).toBeNull();
  });

  it('links no commit without a source or a hash', () => {
    expect(commitUrl(project({ source: null }), '0123456')).toBeNull();
    expect(commitUrl(project(), '../../evil')).toBeNull();
    expect(commitUrl(project(), '')).toBeNull();
  });

  it.each([
    ['Feat/New_Nav', 'https://feat-new-nav.docs.pages.dev'],
    ['--x', 'https://x.docs.pages.dev'],
    ['exactly-28-characters-long-x', 'https://exactly-28-characters-long-x.docs.pages.dev'],
    // Cut, it would lead to the site of whichever branch has the same beginning.
    ['a-very-long-branch-name-of-somebody', null],
    ['a-very-long-branch-name-of-somebody-else', null],
    ['Feature/ABC-1234_a-very-long-branch', null],
    ['größe', null],
    ['///', null],
  ])('derives the alias of %s', (branch, url) => {
    expect(branchAlias(branch, 'docs.pages.dev')).toBe(url);
  });

  it('prefers the alias that the deployment carries, and derives none for a build that failed', () => {
    const preview = { environment: 'preview', branch: 'feat/x' } as const;
    const own = deployment({ ...preview, aliases: ['https://feat-x-1a2b.docs-7xk.pages.dev'] });
    expect(branchUrl(project(), own, true)).toBe('https://feat-x-1a2b.docs-7xk.pages.dev');
    expect(branchUrl(project(), deployment(preview), true)).toBe('https://feat-x.docs-7xk.pages.dev');
    expect(branchUrl(project(), deployment(preview), false)).toBeNull();
    expect(branchUrl(project(), deployment(), false)).toBe('https://docs-7xk.pages.dev');
  });

  it.each([
    [
      ['feat/x', 'feat-x'],
      ['feat/x', 'feat-x'],
    ],
    [
      ['feat-x', 'main', 'Feat_X'],
      ['feat-x', 'Feat_X'],
    ],
    [['feat/x', 'feat/x', 'feat/xy', 'x'], []],
  ])('of %j the alias may be another one’s: %j', (branches, sharing) => {
    expect([...sharingAlias(branches)]).toEqual(sharing);
  });

  it('writes filters with everything encoded', () => {
    expect(
      filterPath('/projects/docs', {
        branch: 'a&b=c#/ü',
        environment: null,
        status: 'failed',
        verdict: null,
        page: 2,
      }),
    ).toBe('/projects/docs?status=failed&branch=a%26b%3Dc%23%2F%C3%BC&page=2');
    expect(
      filterPath('/projects/docs', { branch: null, environment: null, status: null, verdict: null, page: 1 }),
    ).toBe('/projects/docs');
  });
});

describe('times', () => {
  it.each([
    [0, '0 s'],
    [47_400, '47 s'],
    [107_000, '1 min 47 s'],
    [3_600_000, '1 h'],
    [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
    [59 * MINUTE + 59_600, '1 h'],
    [12 * DAY, '12 days'],
    [-5, '0 s'],
  ])('%d ms took %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it.each([
    [NOW - 20_000, 'just now'],
    [NOW - 5 * MINUTE, '5 min ago'],
    [NOW - 47 * HOUR, '47 h ago'],
    [NOW - 3 * DAY, '3 days ago'],
    [NOW + 20_000, 'in under a minute'],
    [NOW + 3 * HOUR, 'in 3 h'],
  ])('%d is %s', (at, words) => {
    expect(relative(at, NOW)).toBe(words);
  });

  it('speaks UTC, and of today without the date', () => {
    expect(utc(NOW)).toBe('2026-11-24 13:17 UTC');
    expect(clock(NOW - MINUTE, NOW)).toBe('13:16 UTC');
    expect(clock(NOW - DAY, NOW)).toBe('23 Nov, 13:17 UTC');
    expect(clock(NOW - 365 * DAY, NOW)).toBe('24 Nov 2025, 13:17 UTC');
    expect(iso(NOW)).toBe('2026-11-24T13:17:30.000Z');
    expect(iso(Number.NaN)).toBeNull();
    expect(iso(9e15)).toBeNull();
  });
});

describe('in a table', () => {
  it.each([
    [NOW - HOUR, '12:17'],
    [NOW - DAY, 'Mon 13:17'],
    [NOW + 2 * DAY, 'Thu 13:17'],
    [NOW - 7 * DAY, '17 Nov'],
    [NOW - 365 * DAY, '24 Nov 2025'],
  ])('%d is %s', (at, words) => {
    expect(brief(at, NOW)).toBe(words);
  });
});

describe('a reader’s own time', () => {
  const midnight = Date.UTC(2026, 10, 24, 23, 30);

  it.each([
    ['Europe/Berlin', midnight, 'Wed 00:30 in Berlin'],
    ['Europe/Berlin', Date.UTC(2026, 6, 1, 12), '14:00 in Berlin'],
    ['America/Argentina/Buenos_Aires', midnight, '20:30 in Buenos Aires'],
    ['Asia/Kolkata', NOW, '18:47 in Kolkata'],
    ['Europe/London', NOW, ''],
    ['Europe/London', Date.UTC(2026, 6, 1, 12), '13:00 in London'],
    ['UTC', NOW, ''],
    ['Mars/Olympus', NOW, ''],
    ['"><b>/x', NOW, ''],
  ])('in %s', (name, at, words) => {
    expect(there(at, zoneOf(name))).toBe(words);
  });

  it('that is not known is not said', () => {
    expect(there(NOW, zoneOf(null))).toBe('');
  });

  it('of one reader after the other is each one’s own', () => {
    const words = ['Asia/Tokyo', 'Asia/Kolkata', null, 'Asia/Tokyo'].map((name) => there(NOW, zoneOf(name)));
    expect(words).toEqual(['22:17 in Tokyo', '18:47 in Kolkata', '', '22:17 in Tokyo']);
  });
});

describe('numbers and lists', () => {
  it('groups thousands', () => {
    expect([count(0), count(999), count(1_200), count(1_234_567)]).toEqual([
      '0',
      '999',
      '1,200',
      '1,234,567',
    ]);
    expect([plural(1, 'build'), plural(2, 'build')]).toEqual(['1 build', '2 builds']);
  });

  it('names some and counts the rest', () => {
    expect(list(['a'])).toBe('a');
    expect(list(['a', 'b'])).toBe('a and b');
    expect(list(['a', 'b', 'c', 'd', 'e'])).toBe('a, b and 3 more');
  });
});
