// The end of a build's log: what is masked of it, what is left as it is, and that it is bounded whatever the log is.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEnd } from '../../src/policy/build-log.ts';

const one = (line: string, known: readonly string[] = []) => logEnd([line], known).join('\n');
const SECRET = 'q7Zk2pX9';
const LONG = 'x7Kd92mQpLs83nVb47TyRw16ZcHj05Fg';

describe('a secret', () => {
  test.each<[string, string]>([
    [`NPM_TOKEN=${SECRET}`, 'NPM_TOKEN=[masked]'],
    [`export DB_PASSWORD="${SECRET} and more" next`, 'export DB_PASSWORD=[masked] next'],
    [`{"apiKey":"${SECRET}","ok":1}`, '{"apiKey":[masked],"ok":1}'],
    [`client_secret: ${SECRET}`, 'client_secret: [masked]'],
    [`Authorization: Bearer ${SECRET}`, 'Authorization: [masked] [masked]'],
    [`sent with Basic ${SECRET}==`, 'sent with Basic [masked]'],
    [
      `fatal: https://me:${SECRET}@github.com/a/b.git not found`,
      'fatal: https://[masked]@github.com/a/b.git not found',
    ],
    [`postgres://u:p@${SECRET}@db.example:5432/x`, 'postgres://[masked]@db.example:5432/x'],
    [`curl https://a.example/?sig=1&token=${SECRET}&x=1`, 'curl https://a.example/?sig=1&token=[masked]&x=1'],
    [`deploy --auth-token ${SECRET} --force`, 'deploy --auth-token [masked] --force'],
    ['deploy --password hunter2 --force', 'deploy --password [masked] --force'],
    ['deploy -my-api-key-1  hunter2', 'deploy -my-api-key-1  [masked]'],
    ['deploy --pwd=hunter2', 'deploy --pwd=[masked]'],
    ['--secret x', '--secret [masked]'],
    ['remote: glpat-abcdefgh12', 'remote: [masked]'],
    ['with ghs_abcdefgh and xoxb-12345678', 'with [masked] and [masked]'],
    ['key is AKIAIOSFODNN7EXAMPLE here', 'key is [masked] here'],
    ['eyJhbGciOiJI.eyJzdWIiOiIx.c2ln', '[masked]'],
    [`found ${LONG}.`, 'found [masked].'],
    [`\u001b[31mTOKEN\u001b[0m=${SECRET}`, 'TOKEN=[masked]'],
    [`TOK\u0000EN=${SECRET}`, 'TOKEN=[masked]'],
    [`TOK\u200bEN=${SECRET}`, 'TOKEN=[masked]'],
  ])('%s', (line, expected) => {
    expect(one(line)).toBe(expected);
  });

  test('of ours is masked whatever it looks like, and wherever it stands', () => {
    expect(one('a plain-word b plain-word', ['plain-word'])).toBe('a [masked] b [masked]');
    // What is that short stands in words that are none.
    expect(one('token', ['token'])).toBe('token');
  });

  test('a key of several lines is masked from its beginning to its end', () => {
    const key = ['-----BEGIN RSA PRIVATE KEY-----', 'short', 'of lines', '-----END RSA PRIVATE KEY-----'];
    expect(logEnd(['before', ...key, 'after'], [])).toEqual([
      'before',
      ...key.map(() => '[masked]'),
      'after',
    ]);
  });

  test('that is cut in two by the length of its line is not shown at all', () => {
    const masked = `${'A_TOKEN=x '.repeat(198)}and=${SECRET.repeat(10)}`;
    expect(one(masked)).not.toContain(SECRET.slice(0, 4));
  });
});

test.each([
  'Failed: build command exited with code: 1',
  'Cloning repository...',
  '    at getRollupError (file:///opt/buildhome/repo/node_modules/rollup/dist/es/parseAst.js:401:41)',
  'added 412 packages, and audited 413 packages in 9s',
  'Author: Jane <jane@example.com>',
  'dist/assets/index-4f3a9b2c.js   142.10 kB │ gzip: 45.21 kB',
  '✘ [ERROR] Could not resolve "./nav.js"',
  'deploy --no-password --force',
  'a word of many letters: donaudampfschifffahrtselektrizitaetenhauptbetriebswerk',
  `and a long number: ${'1234567890'.repeat(4)}`,
])('is no secret, and stays: %s', (line) => {
  expect(one(line)).toBe(line);
});

describe('what is left', () => {
  test('the last hundred lines, each cut, without what a terminal takes for colours', () => {
    const lines = Array.from({ length: 150 }, (_, at) => `line ${at}`);
    const end = logEnd(lines, []);
    expect([end.length, end[0], end.at(-1)]).toEqual([100, 'line 50', 'line 149']);
    expect(one('a '.repeat(1_000))).toHaveLength(300);
    expect(one('\u001b[1;31mred\u001b[0m\tand \u009bbell\u0007')).toBe('red  and bell');
    expect(logEnd(['10%\r20%\r\ndone'], [])).toEqual(['10%', '20%', 'done']);
  });

  test('of long lines fewer: 12,000 characters in all', () => {
    const end = logEnd(
      Array.from({ length: 100 }, (_, at) => `${at} ${'ab '.repeat(200)}`),
      [],
    );
    expect(end.length).toBe(40);
    expect(end.at(-1)).toMatch(/^99 /);
  });

  test('of any text: bounded, without controls, and found at once', () => {
    const piece = fc.constantFrom(
      'token',
      'key',
      '-',
      '=',
      'a1',
      '://',
      '@',
      '"',
      ' ',
      '\u001b[',
      'eyJ',
      '.',
    );
    const line = fc
      .tuple(fc.array(piece, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 700 }))
      .map(([pieces, times]) => pieces.join('').repeat(times));
    const started = performance.now();
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string({ unit: 'binary' })), { maxLength: 120 }), (lines) => {
        const end = logEnd(lines, ['CANARY-token']);
        expect(end.length).toBeLessThanOrEqual(100);
        expect(end.join('').length).toBeLessThanOrEqual(12_000);
        expect(Math.max(0, ...end.map(({ length }) => length))).toBeLessThanOrEqual(300);
        expect(end.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 50 },
    );
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
