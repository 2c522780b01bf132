import { describe, expect, it } from 'vitest';
import { ConfigError, configOnce, readConfig, settingsOnce } from '../../src/config/config.ts';
import { problems, read, VALID, withPolicy } from './fixture.ts';

describe('readConfig', () => {
  it('needs an account and a token only; nothing is touched, and dry run is on', () => {
    const { CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN } = VALID;
    expect(readConfig({ CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN })).toMatchObject({
      rules: [],
      dryRun: true,
      maxDeletesPerRun: null,
      rebuildsPerMonth: null,
      monthlyBuilds: 500,
    });
  });

  it.each([
    [false, false],
    ['false', false],
    ['FALSE', false],
    [true, true],
    ['True', true],
    ['', true],
    [undefined, true],
  ])('DRY_RUN = %j: dry run is %s', (value, dryRun) => {
    expect(read({ DRY_RUN: value }).dryRun).toBe(dryRun);
  });

  it.each(['no', 'off', '0', 0, 1, null, ' false', []])(
    'DRY_RUN = %j goes live by no means: an error',
    (value) => {
      expect(problems({ DRY_RUN: value })).toMatchObject([{ path: 'DRY_RUN' }]);
    },
  );

  it('reads the limits', () => {
    expect(read({ MAX_DELETES_PER_RUN: 1, REBUILDS_PER_MONTH: 0, MONTHLY_BUILDS: 5_000 })).toMatchObject({
      maxDeletesPerRun: 1,
      rebuildsPerMonth: 0,
      monthlyBuilds: 5_000,
    });
  });

  it.each([
    ['MAX_DELETES_PER_RUN', 0],
    ['MAX_DELETES_PER_RUN', '5 a day'],
    ['REBUILDS_PER_MONTH', -1],
    ['REBUILDS_PER_MONTH', 0.5],
    ['MONTHLY_BUILDS', 0],
  ])('%s = %j is an error', (path, value) => {
    expect(problems({ [path]: value })).toMatchObject([{ path }]);
  });

  it.each([
    'https://hooks.example/x\n',
    ' https://hooks.example/x',
    '\ufeffhttps://hooks.example/x',
    'https://hooks.exa\tmple/x',
  ])('a secret address %j is not what was meant: an error', (url) => {
    expect(read({ NOTIFY_URL: url.replace(/\s|\ufeff/g, '') }).destinations[0]?.url).toBe(
      'https://hooks.example/x',
    );
    expect(problems({ NOTIFY_URL: url })).toMatchObject([{ path: 'NOTIFY_URL' }]);
  });

  it('ignores what else the Worker is bound to', () => {
    class Binding {
      idFromName(): void {}
    }
    const bound = { KEEPER: new Binding(), VERSION: { id: '1', tag: '' }, ASSETS: () => null };
    expect(read(bound)).toEqual(read());
  });

  it('reads the settings as they are shipped, once account and token are added', () => {
    // Written out, not read from wrangler.toml: yours may say anything.
    const config = read({
      DRY_RUN: true,
      STATUS_PAGE: 'closed',
      RULES: [{ projects: ['*'], prune: { olderThanDays: 30, keepLatest: 10 } }],
    });
    expect(config.dryRun).toBe(true);
    expect(config.rules).toMatchObject([
      { projects: ['*'], rebuild: null, prune: [{ olderThanDays: 30, keepLatest: 10 }] },
    ]);
  });
});

describe('rulesHash', () => {
  const hash = (change: object) => read(change as Record<string, unknown>).rulesHash;

  it('is short, and the same for the same rules however they are written', () => {
    expect(hash({})).toMatch(/^[0-9a-f]{16}$/);
    expect(
      hash({
        RULES:
          '[{"prune":"{\\"keepLatest\\":10,\\"olderThanDays\\":\\"30\\"}","projects":["*"],"show":true}]',
      }),
    ).toBe(hash({}));
  });

  it.each([
    ['a policy', withPolicy({ olderThanDays: 31 })],
    ['the projects', { RULES: [{ projects: ['a'], prune: { olderThanDays: 30, keepLatest: 10 } }] }],
    ['the limit of deletes', { MAX_DELETES_PER_RUN: 5 }],
    ['no rule', { RULES: [] }],
  ])('changes with %s', (_, change) => {
    expect(hash(change)).not.toBe(hash({}));
  });

  it('does not change with what shapes no plan', () => {
    expect(
      hash({ CLOUDFLARE_API_TOKEN: 'other', STATUS_PAGE: 'public', DRY_RUN: false, REBUILDS_PER_MONTH: 3 }),
    ).toBe(hash({}));
  });
});

describe('configOnce', () => {
  it('reads an env once, and another one anew', () => {
    const env = { ...VALID };
    expect(configOnce(env)).toEqual(readConfig(VALID));
    expect(configOnce(env)).toBe(configOnce(env));
    expect(settingsOnce(env).config).toBe(configOnce(env));
    expect(configOnce({ ...VALID, DRY_RUN: 'false' }).dryRun).toBe(false);
    expect(configOnce(env).dryRun).toBe(true);
  });

  it('says of a broken one what is wrong, each time', () => {
    const env = { ...VALID, DRY_RUN: 'perhaps' };
    for (const _ of [1, 2]) expect(() => configOnce(env)).toThrow(ConfigError);
    expect(settingsOnce(env).problems).toMatchObject([{ path: 'DRY_RUN' }]);
  });
});
