// The rate limit: what every answer says about it, and what happens past it.
import { expect, test } from 'vitest';
import { still } from './asking.ts';

const SMALL = { calls: 10, windowMs: 60_000, blockMs: 120_000 };

test('every answer says how many calls are left and what the policy is, refusals included', async () => {
  const { ask } = still();
  const first = await ask('GET ');
  expect(first.headers.get('ratelimit')).toBe('"default";r=1199;t=300');
  expect(first.headers.get('ratelimit-policy')).toBe('"default";q=1200;w=300');
  const refused = await ask('GET /nothing');
  expect(refused.headers.get('ratelimit')).toBe('"default";r=1198;t=300');
});

test('one call too many blocks everything for the whole block, with retry-after', async () => {
  const { ask, time, account } = still({ limit: SMALL });
  account.addProject({ name: 'docs' });
  for (let at = 0; at < 10; at += 1) expect((await ask('GET /docs')).status).toBe(200);
  const blocked = await ask('POST /docs/deployments');
  expect([blocked.status, blocked.code, blocked.headers.get('retry-after')]).toEqual([429, 971, '120']);
  expect(blocked.headers.get('ratelimit')).toBe('"default";r=0;t=120');
  expect(account.project('docs').deployments).toEqual([]);
  time.now += 119_000;
  const still429 = await ask('GET /docs');
  expect([still429.status, still429.headers.get('retry-after')]).toEqual([429, '1']);
  time.now += 1_000;
  expect((await ask('GET /docs')).status).toBe(200);
});

test('the next block has the code of an authentication error, as has been seen', async () => {
  const { ask, time } = still({ limit: SMALL });
  for (let at = 0; at < 11; at += 1) await ask('GET ');
  time.now += 120_000;
  for (let at = 0; at < 10; at += 1) await ask('GET ');
  const blocked = await ask('GET ');
  expect([blocked.status, blocked.code]).toEqual([429, 10_000]);
  expect(blocked.text).toContain('Rate limited');
});

test('the window slides: calls are counted for its length, each by itself', async () => {
  const { ask, time } = still({ limit: SMALL });
  for (let at = 0; at < 10; at += 1) {
    await ask('GET ');
    time.now += 6_000;
  }
  // 60 s after the first call: that one has left the window, the other nine have not.
  const next = await ask('GET ');
  expect([next.status, next.headers.get('ratelimit')]).toEqual([200, '"default";r=0;t=6']);
  expect((await ask('GET ')).status).toBe(429);
});

test('calls that fail authentication do not count', async () => {
  const { ask } = still({ limit: SMALL });
  for (let at = 0; at < 20; at += 1) await ask('GET ', null, { headers: { authorization: 'Bearer wrong' } });
  expect((await ask('GET ')).headers.get('ratelimit')).toBe('"default";r=9;t=60');
});

test('can be switched off, and its headers too', async () => {
  const free = still({ limit: null });
  for (let at = 0; at < 1_300; at += 1) await free.ask('GET ');
  expect((await free.ask('GET ')).status).toBe(200);
  const silent = still({ headers: false });
  expect((await silent.ask('GET ')).headers.get('ratelimit-policy')).toBeNull();
});
