// What keeps a configuration from being deployed, and that what may be a secret does not.

import { describe, expect, test } from 'vitest';
import { deployProblems, deploySection } from '../../doctor/deploy-check.ts';
import { misplacedIn } from '../../doctor/misplaced.ts';
import type { Settings } from '../../doctor/settings.ts';

const NOTHING: Settings = { env: {}, crons: null, plain: [], misplaced: [], missing: null };
const RULES = [{ projects: ['*'], prune: { olderThanDays: 30 } }];
const problems = (env: Settings['env'], change: Partial<Settings> = {}) =>
  deployProblems({ ...NOTHING, env, ...change });

describe('a configuration', () => {
  test('may be deployed where only what may be a secret is left out', () => {
    expect(problems({ RULES })).toEqual([]);
    expect(problems({ RULES, STATUS_PAGE: 'password' })).toEqual([]);
    expect(problems({ CLOUDFLARE_API_TOKEN: '', CLOUDFLARE_EMAIL: 'a@example.com' })).toEqual([]);
    expect(problems({ RULES }, { crons: ['0 * * * *', '15 3 * * SUN'] })).toEqual([]);
  });

  test.each<[string, Settings['env'], string]>([
    [
      'of a rule',
      { RULES: [{ projects: ['*'], prune: { olderThanDays: 0 } }] },
      'RULES[0].prune.olderThanDays',
    ],
    ['of a plain variable', { DRY_RUN: 'maybe' }, 'DRY_RUN'],
    ['of a name', { MAX_DELETE_PER_RUN: 10 }, 'MAX_DELETE_PER_RUN'],
    ['of a name in small letters', { rules: RULES }, 'rules'],
    ['of what is half set', { STATUS_PAGE: 'password', STATUS_PASSWORD: 'short' }, 'STATUS_PASSWORD'],
    [
      'of two ways to be let in',
      { CLOUDFLARE_API_TOKEN: 'x', CLOUDFLARE_API_KEY: 'y' },
      'CLOUDFLARE_API_TOKEN',
    ],
  ])('may not be with a fault %s', (_, env, path) => {
    expect(problems(env)).toEqual([expect.stringMatching(`^${path.replaceAll(/[[\]]/g, '\\$&')}: `)]);
  });

  test('may not be with a cron that never ticks, or a setting that nobody reads', () => {
    const misplaced = ['triggers.DRY_RUN: belongs in [vars].'];
    const crons = ['every hour', '0 0 30 2 *', '61 * * * *'];
    expect(problems({ RULES }, { crons, misplaced })).toEqual([
      ...misplaced,
      ...crons.map((cron) => expect.stringContaining(`"${cron}" in [triggers] never ticks`)),
    ]);
  });

  test('is told in one line when it is fine, else thing by thing', () => {
    expect(deploySection([], 'wrangler.toml')).toEqual(['wrangler.toml: the settings are fine.']);
    expect(deploySection(['a', 'b'], 'wrangler.toml')).toEqual([
      'wrangler.toml: 2 things to fix before it is deployed.',
      '  a',
      '  b',
    ]);
  });
});

describe('a setting that stands where nobody reads it', () => {
  test('is found in any table, and a secret is told as one', () => {
    const raw = {
      DRY_RUN: false,
      triggers: { crons: ['0 * * * *'], MAX_DELETES_PER_RUN: 10 },
      durable_objects: { bindings: [{ name: 'KEEPER', STATUS_PAGE: 'public' }] },
      observability: { logs: { NOTIFY_URL: 'https://canary.example' } },
    };
    const found = misplacedIn(raw);
    expect(found).toEqual([
      expect.stringMatching(/^DRY_RUN: belongs in \[vars\]/),
      expect.stringMatching(/^triggers\.MAX_DELETES_PER_RUN: belongs in \[vars\]/),
      expect.stringMatching(/^durable_objects\.bindings\[0\]\.STATUS_PAGE: belongs in \[vars\]/),
      expect.stringMatching(/^observability\.logs\.NOTIFY_URL: is a secret/),
    ]);
    expect(found.join()).not.toContain('canary');
  });

  test('is found in an environment too, of whichever of them', () => {
    const env = {
      staging: { MAX_DELETES_PER_RUN: 10, vars: { DRY_RUN: false } },
      production: {
        triggers: { crons: ['0 * * * *'], DRY_RUN: false },
        vars: { RULES: [{ projects: ['*'] }] },
      },
      none: null,
    };
    expect(misplacedIn({ env })).toEqual([
      expect.stringMatching(
        /^env\.staging\.MAX_DELETES_PER_RUN: belongs in \[env\.staging\.vars\], above the/,
      ),
      expect.stringMatching(
        /^env\.production\.triggers\.DRY_RUN: belongs in \[env\.production\.vars\], above/,
      ),
    ]);
  });

  test('is found by a name that is nearly ours', () => {
    expect(misplacedIn({ triggers: { MAX_DELETE_PER_RUN: 10, crons: [] } })).toEqual([
      expect.stringMatching(
        /^triggers\.MAX_DELETE_PER_RUN: is not known; did you mean MAX_DELETES_PER_RUN\?/,
      ),
    ]);
    expect(misplacedIn({ define: { BUILD_NUMBER: '7' } })).toEqual([]);
  });

  test('is none in [vars], nor what wrangler itself calls by such a name', () => {
    const vars = { DRY_RUN: false, RULES: [{ projects: ['*'], STATUS_PAGE: 'public' }] };
    expect(misplacedIn({ vars, rules: [{ type: 'Text', globs: ['*.txt'] }] })).toEqual([]);
  });
});
