// What /healthz calls trouble is trouble on every page, in every phase of it, with the real Keeper behind both.

import { expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import { addSite } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const GREEN = 'fill=&#39;%230b7a43&#39;';

/** The reason that /healthz gives, once no page was seen to be green while it gave one. */
async function reasonNow(world: World): Promise<string | null> {
  const app = pagesOf(world);
  const { ok, reason } = await (await app.request('/healthz')).json<{ ok: boolean; reason: string | null }>();
  if (ok) return null;
  const paths = ['/', '/projects/docs', '/runs', ...world.runs().map(({ id }) => `/runs/${id}`)];
  for (const path of paths) {
    const html = await (await app.request(path)).text();
    expect([path, reason, html.includes(GREEN)]).toEqual([path, reason, false]);
  }
  return reason;
}

const refused: Fault = { kind: 'status', status: 403, code: 10_000, message: 'Authentication error' };

test.each<[string, (world: World) => Promise<void>]>([
  [
    'token',
    async (world) => {
      world.simulator.fault = () => refused;
      await world.tick(START + HOUR, undefined, START + HOUR + 10 * MINUTE);
    },
  ],
  [
    'blocked',
    async (world) => {
      world.simulator.fault = () => ({ kind: 'block' });
      await world.tick(START + HOUR, undefined, START + HOUR + MINUTE);
    },
  ],
  [
    'failing',
    async (world) => {
      world.simulator.fault = () => ({ kind: 'status', status: 500 });
      for (let hour = 1; hour <= 3; hour += 1) {
        await world.tick(START + hour * HOUR, undefined, START + hour * HOUR + HOUR / 2);
      }
    },
  ],
  [
    'overdue',
    async (world) => {
      await world.run(START + DAY);
      world.setNow(START + 3 * DAY);
    },
  ],
  [
    'stalled',
    async (world) => {
      world.simulator.fault = () => ({ kind: 'status', status: 500 });
      await world.tick(START + HOUR, undefined, START + HOUR + 1_000);
      world.dropAlarm();
      world.setNow(START + HOUR + 20 * MINUTE);
    },
  ],
])('%s', async (reason, befall) => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 400 });
    await world.tick(START, undefined, START + HOUR / 2);
    const html = await (await pagesOf(world).request('/')).text();
    expect([await reasonNow(world), html.includes(GREEN)]).toEqual([null, true]);
    await befall(world);
    expect(await reasonNow(world)).toBe(reason);
  });
});

test('while the token is refused, no page names a next run without saying that it waits', async () => {
  const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world);
    const look = async (path: string) =>
      (await (await pagesOf(world).request(path)).text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    await world.tick(START, undefined, START + HOUR / 2);
    for (const path of ['/', '/runs', '/projects/docs'])
      expect(await look(path)).not.toContain('valid token');
    world.simulator.fault = () => refused;
    await world.tick(START + HOUR, undefined, START + HOUR + 10 * MINUTE);
    expect(await look('/')).toContain(': waits for a valid token');
    expect(await look('/runs')).toMatch(/Next pruning at [^.]*: it waits for a valid token\./);
    expect((await look('/projects/docs')).match(/Waits for a valid token/g)).toHaveLength(2);
  });
});
