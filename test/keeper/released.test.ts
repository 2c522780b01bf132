// The storage of each released version is opened by this one: shown, carried on with, and brought to this version's tables. Before a
// release, `VITE_RELEASE=1 npm run vitest -- run --project worker test/keeper/released.test.ts` prints this one's, a line of JSON
// that belongs into released/<version>.json. Until the first release the file may be made anew where what is stored has changed.

import { expect, test } from 'vitest';
import manifest from '../../package.json';
import { VERSION } from '../../src/keeper/store/schema.ts';
import { dump, fill, look, restore, SETTINGS, type Stored, untilHalf } from './released.ts';
import { DAY, inWorld, START } from './world.ts';

const released = Object.entries(
  import.meta.glob<Stored>('./released/*.json', { import: 'default', eager: true }),
).map(([path, stored]) => [path.replace(/.*\/|\.json$/g, ''), stored] as const);

test.runIf(import.meta.env.VITE_RELEASE)('this version’s storage', async () => {
  await inWorld({ settings: SETTINGS }, async (world, sql) => {
    fill(world);
    await untilHalf(world);
    console.log(`STORED ${JSON.stringify(dump(sql))}`);
  });
});

test('there is one of this version', () => {
  expect(released.map(([version]) => version)).toContain(manifest.version);
});

test.each(released)('that of %s', async (_version, stored) => {
  await inWorld({ settings: SETTINGS }, async (world, sql) => {
    fill(world);
    // The account as it was left: the same calls make the same account.
    await untilHalf(world);
    const gone = 250 + 3 + 6 - world.simulator.account.projects.flatMap((one) => one.deployments).length;
    expect(gone).toBeGreaterThan(60);
    restore(sql, stored);
    world.log.length = 0;
    world.restart();
    const { overview, project } = await look(world);
    expect(overview.projects.map(({ project: { name } }) => name).toSorted()).toEqual(['docs', 'shop']);
    expect(project?.deployments.length).toBe(25);
    expect(world.runs().length).toBeGreaterThan(0);
    await world.run(START + 2 * DAY);
    await world.tick(START + 3 * DAY);
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
    expect(world.runs().map(({ outcome }) => outcome)).toEqual(['done', 'done', 'partial']);
    const left = world.simulator.account.projects.map(({ name, deployments }) => [name, deployments.length]);
    expect(Object.fromEntries(left)).toMatchObject({ shop: 3 });
    const [row] = sql.exec<{ value: string }>("SELECT value FROM state WHERE key = 'version'").toArray();
    expect(row?.value).toBe(String(VERSION));
  });
});
