import { describe, expect, it } from 'vitest';
import type { Env } from './fixture.ts';
import { caught, lines, VALID, withPolicy, withRule } from './fixture.ts';

describe('a ConfigError', () => {
  const SEVEN_FAULTS = {
    CLOUDFLARE_ACCOUNT_ID: 'account',
    DRY_RUN: 'no',
    MAX_DELETES_PER_RUN: '0',
    STATUS_PAGE: 'password',
    STATUS_PASSWORD: 'short',
    RULES: [
      { projects: ['!old'], STATUS_PAGE: 'public' },
      { projects: ['*'], prune: [{ olderThanDays: 'seven' }] },
    ],
  };

  it('names seven faults at once, each with its path', () => {
    const error = caught(SEVEN_FAULTS);
    expect(error?.problems.map(({ path }) => path).sort()).toEqual([
      'CLOUDFLARE_API_TOKEN',
      'DRY_RUN',
      'MAX_DELETES_PER_RUN',
      'RULES[0].STATUS_PAGE',
      'RULES[0].projects',
      'RULES[1].prune[0].olderThanDays',
      'STATUS_PASSWORD',
    ]);
  });

  it('says first how many, then a line for each', () => {
    const error = caught(SEVEN_FAULTS);
    const [first, ...rest] = (error?.message ?? '').split('\n');
    expect(first).toMatch(/^The configuration has 7 problems\. .*wrangler\.toml/);
    expect(rest).toEqual(error?.problems.map(({ path, message }) => `${path}: ${message}`));
    expect(error?.name).toBe('ConfigError');
  });

  it('counts one problem as one', () => {
    expect(caught({ ...VALID, DRY_RUN: 'no' })?.message).toMatch(/^The configuration has 1 problem\./);
  });

  const CANARY = 'canary secret';
  it.each([
    ['as a token', { CLOUDFLARE_API_TOKEN: CANARY }],
    ['as a key', { CLOUDFLARE_API_KEY: CANARY, CLOUDFLARE_EMAIL: 'x' }],
    ['as a password that is too short', { STATUS_PAGE: 'password', STATUS_PASSWORD: 'canary' }],
    ['as the account, pasted in the wrong place', { CLOUDFLARE_ACCOUNT_ID: CANARY }],
    ['in a rule', withRule({ CLOUDFLARE_API_TOKEN: CANARY })],
    ['in any other value too', { CLOUDFLARE_API_TOKEN: CANARY, DRY_RUN: CANARY }],
    ['cut by the end of what is shown', { STATUS_PASSWORD: CANARY, DRY_RUN: `${'x'.repeat(30)}${CANARY}` }],
    ['in a value that is an object', { STATUS_PASSWORD: CANARY, DRY_RUN: { a: [CANARY] } }],
  ])('never holds a secret: %s', (_, change) => {
    expect(lines(change)).not.toEqual([]);
    expect(lines(change).join()).not.toContain('canary');
  });

  it('knows of every variable found in a rule where it belongs', () => {
    const names =
      'CLOUDFLARE_ACCOUNT_ID CLOUDFLARE_EMAIL CLOUDFLARE_API_BASE_URL RULES DRY_RUN MAX_DELETES_PER_RUN REBUILDS_PER_MONTH STATUS_PAGE ACCESS_TEAM_DOMAIN ACCESS_AUD';
    for (const name of names.split(' ')) {
      expect(lines(withRule({ [name]: '' }))).toEqual([
        `RULES[0].${name}: belongs in [vars], above the first [[vars.RULES]]`,
      ]);
    }
  });
});

describe('a message', () => {
  const second = (change: object) => ({ RULES: [{ projects: ['a'] }, { projects: ['b'], ...change }] });

  it.each([
    [
      'RULES[1].prune[0].olderThanDays: must be a whole number, 1 or more; got "seven"',
      second({ prune: [{ olderThanDays: 'seven' }] }),
    ],
    [
      'RULES[0].prune.olderThanDays: is missing; it must be a whole number, 1 or more',
      withRule({ prune: {} }),
    ],
    [
      'RULES[0].prune.staleBranchesAfterDays: must be at least olderThanDays, 30; got 7',
      withPolicy({ staleBranchesAfterDays: 7 }),
    ],
    [
      'RULES[0].projects: only excludes, so it matches nothing: put "*" first',
      withRule({ projects: ['!docs'] }),
    ],
    [
      'RULES[0].prune.environment: must be preview, production or all; got "staging"',
      withPolicy({ environment: 'staging' }),
    ],
    [
      'RULES[0].rebuild: must be a table, such as { ifOlderThanMinutes = 55 }; got true',
      withRule({ rebuild: true }),
    ],
  ])('%s', (line, change) => {
    expect(lines(change)).toEqual([line]);
  });

  it.each([
    [
      'RULES[0].STATUS_PAGE: belongs in [vars], above the first [[vars.RULES]]',
      withRule({ STATUS_PAGE: 'public' }),
    ],
    ['RULES[0].DRY_RUN: belongs in [vars], above the first [[vars.RULES]]', withRule({ DRY_RUN: false })],
    [
      'RULES[0].STATUS_PASSWORD: is a secret: take it out here and run npx wrangler secret put STATUS_PASSWORD',
      withRule({ STATUS_PASSWORD: 'x' }),
    ],
    ['RULES[0].projcts: is not known here; did you mean projects?', withRule({ projcts: ['a'] })],
    [
      'RULES[0].prune.older_than_days: is not known here; did you mean olderThanDays?',
      withPolicy({ older_than_days: 3 }),
    ],
    [
      'RULES[0].rebuild.branches: is not known here; did you mean branch?',
      withRule({ rebuild: { branches: ['a'] } }),
    ],
    ['RULES[0].keepLatest: belongs in prune of the rule', withRule({ keepLatest: 3 })],
    ['RULES[0].prune.show: belongs in the rule itself', withPolicy({ show: true })],
    [
      'RULES[0].color: is not known here; known are projects, show, dryRun, repository, rebuild, prune',
      withRule({ color: 'red' }),
    ],
    [
      'RULES[0]."two\\nlines": is not known here; known are projects, show, dryRun, repository, rebuild, prune',
      withRule({ 'two\nlines': 1 }),
    ],
  ])('about an unknown key: %s', (line, change) => {
    expect(lines(change)).toEqual([line]);
  });

  it('is given for each unknown key, not for the first only', () => {
    expect(
      lines(withRule({ color: 'red', size: 1, prune: { olderThanDays: 1, shape: 'round' } })),
    ).toHaveLength(3);
  });

  it('cuts what was got to about 40 characters', () => {
    expect(lines(withRule({ dryRun: 'x'.repeat(500) }))).toEqual([
      `RULES[0].dryRun: must be true or false; got "${'x'.repeat(39)}…`,
    ]);
  });
});

describe('what looks like a key is not shown, whichever setting it was pasted into', () => {
  // Of the forms that Cloudflare and others give: an API token, a new one, a Global API key, a webhook's end, a JWT.
  const KEYS = [
    'v1x9Qe4rT7yU2iO0pA5sD8fG3hJ6kL1zX4cV7bN',
    'cfut_9Qe4rT7yU2iO0pA5sD8fG3hJ6kL1zX4cV7bN0',
    'c2547eb745079dac9320b638f5e225cf483cc5cfdda41',
    'eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwcyJ9',
    'h8Q2-x7_K4m9P1n6R3t5V0w8Z2b4D6f7',
    'AB12CD34EF56GH78JK90LM12NP34QR56',
    'ab12.cd34.ef56.gh78.jk90.lm12.np34',
  ];
  const PLACES: readonly ((key: string) => Env)[] = [
    (key) => ({ DRY_RUN: key }),
    (key) => ({ CLOUDFLARE_API_TOKEN: '', CLOUDFLARE_API_KEY: 'x', CLOUDFLARE_EMAIL: key }),
    (key) => ({ CLOUDFLARE_API_BASE_URL: key }),
    (key) => ({ CLOUDFLARE_API_BASE_URL: `ftp://hooks.example.com/services/${key}` }),
    (key) => ({ MAX_DELETES_PER_RUN: key }),
    (key) => ({ STATUS_PAGE: key }),
    (key) => ({ STATUS_PAGE: 'access', ACCESS_TEAM_DOMAIN: `${key}.x`, ACCESS_AUD: `${key} ${key}` }),
    (key) => ({ RULES: `[{ "projects": ${key}` }),
    (key) => withRule({ projects: { name: key } }),
    (key) => withRule({ rebuild: { cron: [key], branch: 7, ifChanged: `http://x.test/?key=${key}` } }),
    (key) => withPolicy({ environment: key, branches: `${key}` }),
  ];

  /** Keys without a digit, and with slashes: as a name these would be taken for a field's. */
  const VALUES = ['xQeRtYuIoPaSdFgHjKlZxCvB', 'q9Wj/Rt7+Yk2/Pd5Mx8/Bn4Zh6/Lv3Gs1+Tc0Fa=='];
  const asName = (key: string) => withRule({ [key]: key });

  it.each([...KEYS, ...VALUES])('%s', (key) => {
    for (const place of KEYS.includes(key) ? [...PLACES, asName] : PLACES) {
      const said = lines(place(key)).join('\n');
      expect(said).not.toBe('');
      for (let at = 0; at + 12 <= key.length; at += 4) expect(said).not.toContain(key.slice(at, at + 12));
    }
  });

  it('a long name is', () => {
    expect(lines({ STATUS_PAGE: 'publicly-available-to-all' })[0]).toContain(
      'got "publicly-available-to-all"',
    );
  });
});
