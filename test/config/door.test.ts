import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEntrances } from '../../src/config/door.ts';
import { lines, problems } from './fixture.ts';

const PASSWORD = { STATUS_PAGE: 'password', STATUS_PASSWORD: '12345678' };
const TEAM = { STATUS_PAGE: 'access', ACCESS_TEAM_DOMAIN: 'team', ACCESS_AUD: 'aud' };
const doorOf = (env: object) => readEntrances({ ...env }).door;
const CLOSED = { mode: 'closed' };
const OPEN_TO_TEAM = { mode: 'access', teamDomain: 'https://team.cloudflareaccess.com', audience: 'aud' };

describe('the door', () => {
  it.each([
    ['nothing set', {}, CLOSED],
    ['an empty STATUS_PAGE', { STATUS_PAGE: '' }, CLOSED],
    ['closed', { STATUS_PAGE: 'closed' }, CLOSED],
    [
      'closed, with settings of other modes that would be wrong there',
      { STATUS_PASSWORD: 'x', ACCESS_TEAM_DOMAIN: '?' },
      CLOSED,
    ],
    ['public', { STATUS_PAGE: 'public' }, { mode: 'public' }],
    ['password', PASSWORD, { mode: 'password', password: '12345678' }],
    [
      'a password of several words in any language',
      { ...PASSWORD, STATUS_PASSWORD: 'größer als 8 Zeichen' },
      { mode: 'password', password: 'größer als 8 Zeichen' },
    ],
    [
      'access by ctx.access alone',
      { STATUS_PAGE: 'access' },
      { mode: 'access', teamDomain: null, audience: null },
    ],
    [
      'access with an audience alone',
      { STATUS_PAGE: 'access', ACCESS_AUD: 'aud' },
      { mode: 'access', teamDomain: null, audience: 'aud' },
    ],
    ['access with a team', TEAM, OPEN_TO_TEAM],
    ['a team by its domain', { ...TEAM, ACCESS_TEAM_DOMAIN: 'Team.CloudflareAccess.com' }, OPEN_TO_TEAM],
    [
      'a team by its URL',
      { ...TEAM, ACCESS_TEAM_DOMAIN: 'https://team.cloudflareaccess.com/' },
      OPEN_TO_TEAM,
    ],
  ])('%s', (_, env, door) => {
    expect(doorOf(env)).toEqual(door);
    expect(problems(env)).toEqual([]);
  });

  it.each([
    ['STATUS_PAGE', { STATUS_PAGE: 'Public' }],
    ['STATUS_PAGE', { STATUS_PAGE: 'open' }],
    ['STATUS_PAGE', { STATUS_PAGE: true }],
    ['STATUS_PAGE', { STATUS_PAGE: ['public'] }],
    ['STATUS_PAGE', { STATUS_PAGE: null }],
    ['SHARE_KEY', { SHARE_KEY: 'x'.repeat(31) }],
    ['SHARE_KEY', { SHARE_KEY: `${'x'.repeat(40)}\n` }],
    ['HOOK_KEY', { HOOK_KEY: 'x'.repeat(31) }],
    ['HOOK_KEY', { HOOK_KEY: `${'x'.repeat(40)}\n` }],
    ['HOOK_KEY', { HOOK_KEY: `\ufeff${'x'.repeat(40)}` }],
    ['STATUS_PASSWORD', { STATUS_PAGE: 'password' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '1234567' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '😀😀😀😀' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: 12345678 }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '12345678\n' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '12345678\r\n' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '1234\n5678' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '\ufeff12345678' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '1234\ufeff5678' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: ' 12345678' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '12345678\u00a0' }],
    ['STATUS_PASSWORD', { ...PASSWORD, STATUS_PASSWORD: '1234\t5678' }],
    ['ACCESS_AUD', { ...TEAM, ACCESS_AUD: '' }],
    ['ACCESS_AUD', { ...TEAM, ACCESS_AUD: 'a b' }],
    ['ACCESS_TEAM_DOMAIN', { ...TEAM, ACCESS_TEAM_DOMAIN: 'https://evil.example.com' }],
    ['ACCESS_TEAM_DOMAIN', { ...TEAM, ACCESS_TEAM_DOMAIN: 'https://evil.example.com/.cloudflareaccess.com' }],
    ['ACCESS_TEAM_DOMAIN', { ...TEAM, ACCESS_TEAM_DOMAIN: 'http://team.cloudflareaccess.com' }],
    ['ACCESS_TEAM_DOMAIN', { ...TEAM, ACCESS_TEAM_DOMAIN: 'team.cloudflareaccess.com.evil.example' }],
    ['ACCESS_TEAM_DOMAIN', { ...TEAM, ACCESS_TEAM_DOMAIN: 7 }],
  ])('is closed, and the configuration wrong at %s, with %j', (path, env) => {
    expect(doorOf(env)).toEqual(CLOSED);
    expect(problems(env)).toMatchObject([{ path }]);
  });

  it('holds while the rest of the configuration is broken', () => {
    expect(doorOf({ ...PASSWORD, RULES: '[{', DRY_RUN: 'no' })).toEqual({
      mode: 'password',
      password: '12345678',
    });
  });

  it('says which application is missing beside a team', () => {
    expect(lines({ ...TEAM, ACCESS_AUD: undefined })).toEqual([
      'ACCESS_AUD: is missing; ACCESS_TEAM_DOMAIN alone would let in the visitors of every application of that team',
    ]);
  });

  it('never throws, and is open in no way that was not asked for, whatever is set', () => {
    const names = ['STATUS_PAGE', 'STATUS_PASSWORD', 'ACCESS_TEAM_DOMAIN', 'ACCESS_AUD'];
    const anything = fc.oneof(
      fc.constantFrom('', 'closed', 'public', 'password', 'access'),
      fc.anything({ withBigInt: true }),
    );
    const env = fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] });
    fc.assert(
      fc.property(env, (given) => {
        const { mode } = doorOf(given);
        expect(mode === 'closed' || mode === given.STATUS_PAGE).toBe(true);
        problems(given);
      }),
    );
  });
});
