// Projects that no page may name: `show = false` holds on every route, in every form, whatever the Keeper does with them.

import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { hideIn } from '../../src/keeper/views/hide.ts';
import { guarded, OPEN, pathsOf } from '../web/paths.ts';
import { addSite } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { HOUR, inWorld, START, type World } from './world.ts';

const prune = { olderThanDays: 7 };
const RULES = [
  { projects: ['hidden-*', 'no-hidden-*'], show: false, rebuild: {}, prune },
  { projects: ['*'], rebuild: {}, prune },
];

async function everythingShown(world: World): Promise<string> {
  const app = pagesOf(world, { mode: 'password', password: 'a password' });
  const headers = { authorization: `Basic ${btoa('me:a password')}` };
  const of = ['', ...world.runs().map(({ id }) => id)];
  const paths = of.flatMap((run) => pathsOf(guarded({ project: 'hidden-one', branch: 'main', run }), OPEN));
  const bodies = paths.map(async (path) => (await app.request(path, { headers })).text());
  // What was looked for stands on the page again, in the field, the title and the heading: in what its reader wrote himself.
  return (await Promise.all(bodies))
    .join('\n')
    .replaceAll('value="hidden-one"', '')
    .replaceAll(/“(?:<bdi>)?hidden-one(?:<\/bdi>)?”/g, '');
}

test('a hidden project is rebuilt and pruned, and named nowhere', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world);
    addSite(world, { name: 'hidden-one' });
    addSite(world, { name: 'hidden-upload', upload: true });
    world.simulator.fault = ({ method, project }) =>
      method === 'DELETE' && project === 'hidden-upload' ? { kind: 'status', status: 500 } : null;
    await world.tick(START, undefined, START + 2 * HOUR);
    const [run] = world.runs();
    expect(world.deletions(run?.id ?? '').map(({ project }) => project)).toContain('hidden-one');
    expect([...(run?.rebuilds ?? []), ...(run?.skips ?? [])].map(({ project }) => project)).toEqual(
      expect.arrayContaining(['hidden-one', 'hidden-upload']),
    );
    const shown = await everythingShown(world);
    expect(shown).not.toContain('hidden-');
    expect(shown).toContain('docs');
  });
});

test('nor while it is being read, or when its plan was refused', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world);
    addSite(world, { name: 'hidden-one', branch: 'hidden-branch' });
    world.simulator.fault = ({ method, project, query }) =>
      method === 'GET' && project === 'hidden-one' && query.page !== undefined
        ? { kind: 'total-count', by: 3 }
        : null;
    await world.tick(START, undefined, START + 2 * HOUR);
    expect(world.runs()[0]?.refusals.map(({ project }) => project)).toContain('hidden-one');
    expect(await everythingShown(world)).not.toContain('hidden-');
  });
});

test.each([
  ['a list that cannot be read', { kind: 'status', status: 500 }],
  [
    'credentials that are refused',
    { kind: 'status', status: 403, code: 10_000, message: 'No access to hidden-one' },
  ],
] as const)('nor by the error of a call: %s', async (_, fault) => {
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world);
    addSite(world, { name: 'hidden-one' });
    await world.tick(START, undefined, START + 2 * HOUR);
    world.simulator.fault = ({ project }) => (project === 'hidden-one' ? fault : null);
    await world.tick(START + 3 * HOUR, undefined, START + 5 * HOUR);
    const shown = await everythingShown(world);
    expect(JSON.stringify(world.runs())).toContain('hidden-one');
    expect(shown).not.toContain('hidden-one');
  });
});

test('of a text only the names of hidden projects go: known ones as words, any in a path', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world);
    addSite(world, { name: 'hidden-one' });
    await world.tick();
    const hide = hideIn({ config: readConfig(world.settings), store: world.keeper.store });
    expect(hide('hidden-one and docs: hidden-ones, hidden-gone.')).toBe(
      '(hidden) and docs: hidden-ones, hidden-gone.',
    );
    expect(hide('GET /projects/hidden-one/x, /projects/hidden-gone, /projects/docs/x')).toBe(
      'GET /projects/(hidden)/x, /projects/(hidden), /projects/docs/x',
    );
  });
});
