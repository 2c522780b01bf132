// UPDATE_URL: nobody is asked unless it is set, then once a day, without credentials, and whatever it answers disturbs nothing.

import { expect, test } from 'vitest';
import { addSite } from './accounts.ts';
import { DAY, HOUR, inWorld, START } from './world.ts';

const UPDATE_URL = 'https://updates.example.test/latest?key=canary';

test('nobody is asked unless it is set, and what was known before is forgotten', async () => {
  await inWorld({ settings: { UPDATE_URL } }, async (world) => {
    addSite(world);
    let asked = 0;
    world.source = () => {
      asked += 1;
      return new Response('9.9.9');
    };
    await world.tick(START);
    expect([asked, world.keeper.health().newest]).toEqual([1, '9.9.9']);
    delete world.settings.UPDATE_URL;
    await world.tick(START + 2 * DAY);
    expect([asked, world.keeper.health().newest]).toEqual([1, null]);
  });
});

test('once a day, by GET, with nothing of ours', async () => {
  await inWorld({ settings: { UPDATE_URL } }, async (world) => {
    addSite(world);
    const requests: Request[] = [];
    world.source = (request) => {
      requests.push(request);
      return Response.json({ version: '1.2.3' });
    };
    for (let hour = 0; hour < 25; hour += 1)
      await world.tick(START + hour * HOUR, undefined, START + (hour + 1) * HOUR);
    expect(requests.length).toBe(2);
    for (const { method, url, headers } of requests)
      expect([method, url, [...headers.keys()]]).toEqual(['GET', UPDATE_URL, []]);
  });
});

test.each<[string, () => Response | Promise<Response>]>([
  ['an error', () => new Response('1.2.3', { status: 500 })],
  [
    'a redirect',
    () => new Response('1.2.3', { status: 302, headers: { location: 'https://x.example.test' } }),
  ],
  ['a page', () => new Response('<!DOCTYPE html>')],
  ['more than it may', () => new Response(`"${'1'.repeat(200_000)}"`)],
  ['nothing', () => Promise.reject(new Error(`no route to ${UPDATE_URL}`))],
])('%s is no version: the run is done all the same, and the address is in no log', async (_, answer) => {
  await inWorld({ settings: { UPDATE_URL } }, async (world) => {
    addSite(world);
    world.source = answer;
    await world.tick(START);
    expect(world.keeper.health().newest).toBeNull();
    expect(world.runs().map(({ outcome }) => outcome)).toEqual(['done']);
    expect(JSON.stringify(world.log)).not.toContain('canary');
  });
});
