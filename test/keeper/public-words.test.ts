// What the public may read of trouble: our own words. No account id, no path of the API, none of what it said.

import { describe, expect, test } from 'vitest';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import { guarded, OPEN, pathsOf } from '../web/paths.ts';
import { addSite, isList } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { HOUR, inWorld, START, type World } from './world.ts';

const SAID = 'Words of the API about a quota';
const SECRET = [SAID, '/accounts/', 'pages/projects', 'HTTP 4', 'HTTP 5', 'code 8'];
const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 7 } }];

const FAULTS: readonly [string, (call: FaultyCall) => Fault | null][] = [
  [
    'a rebuild is refused',
    ({ method }) =>
      method === 'POST' ? { kind: 'status', status: 400, code: 8_000_099, message: SAID } : null,
  ],
  [
    'a list cannot be read',
    (call) => (isList(call) ? { kind: 'status', status: 500, code: 8_000_000, message: SAID } : null),
  ],
  ['the credentials are refused', () => ({ kind: 'status', status: 403, code: 10_000, message: SAID })],
];

async function everythingShown(world: World, headers: Record<string, string> = {}): Promise<string> {
  const door = { mode: headers.authorization === undefined ? 'public' : 'password', password: 'a password' };
  const app = pagesOf(world, door as Parameters<typeof pagesOf>[1]);
  const of = ['', ...world.runs().map(({ id }) => id)];
  const paths = of.flatMap((run) => pathsOf(guarded({ branch: 'main', run }), OPEN));
  const bodies = paths.map(async (path) => (await app.request(path, { headers })).text());
  return (await Promise.all(bodies)).join('\n');
}

describe.each(FAULTS)('when %s', (_, fault) => {
  test('the public reads that it failed, and nothing of what was said', async () => {
    await inWorld({ settings: { RULES } }, async (world) => {
      addSite(world);
      await world.tick(START, undefined, START + 2 * HOUR);
      world.simulator.fault = fault;
      await world.tick(START + 3 * HOUR, undefined, START + 5 * HOUR);
      const shown = await everythingShown(world);
      expect(shown).toMatch(/refused|could not be read/);
      for (const words of SECRET) expect(shown).not.toContain(words);
    });
  });

  test('who has shown who he is reads it', async () => {
    await inWorld({ settings: { RULES } }, async (world) => {
      addSite(world);
      await world.tick(START, undefined, START + 2 * HOUR);
      world.simulator.fault = fault;
      await world.tick(START + 3 * HOUR, undefined, START + 5 * HOUR);
      const known = await everythingShown(world, { authorization: `Basic ${btoa('me:a password')}` });
      expect(known).toContain('HTTP ');
    });
  });
});
