// Whom the Keeper asks about branches, and how often: the repository that a project is connected to or that its rule names, once for all
// projects of it, and a host that is down not for ever.

import { describe, expect, it } from 'vitest';
import { fakeGit, type Ref } from '../git/answers.ts';
import { begin } from './accounts.ts';
import { acts, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const PRUNE = { environment: 'preview', olderThanDays: 30, goneBranchesAfterDays: 0 };

interface Asked {
  readonly url: string;
  readonly method: string;
}

/** Repositories by address; one that is not there answers 503. */
async function withRepositories(
  rules: readonly unknown[],
  repositories: Record<string, readonly Ref[]>,
  use: (world: World, asked: Asked[]) => Promise<void>,
): Promise<void> {
  await inWorld({ settings: { RULES: rules } }, async (world) => {
    const asked: Asked[] = [];
    world.source = async (request) => {
      const { url, method } = request;
      asked.push({ url, method });
      const refs = repositories[url.slice(0, url.indexOf('.git/'))];
      if (refs === undefined) return new Response('down', { status: 503 });
      const body = new TextDecoder().decode(await request.arrayBuffer());
      return fakeGit({ refs })(url, method === 'POST' ? { body } : {});
    };
    await use(world, asked);
  });
}

const refs = (...names: string[]): Ref[] =>
  names.map((name, n) => ({ name: `refs/heads/${name}`, commit: `${n + 1}`.repeat(40) }));

function addProject(world: World, name: string, source: 'github' | null, branches: readonly string[]) {
  const project = world.simulator.account.addProject({ name, source });
  for (const branch of branches) project.add({ createdAt: START - 3 * HOUR, branch });
  return project;
}

const hour = (world: World, nth: number) =>
  world.tick(START + nth * HOUR, undefined, START + nth * HOUR + 55 * MINUTE);
const deletes = (world: World) => acts(world.simulator).filter((act) => act.startsWith('DELETE'));
const warnings = (world: World) =>
  world.runs()[0]?.warnings.map(({ project, text }) => `${project}: ${text}`);

describe('a repository that a rule names', () => {
  const AT = 'https://git.example/acme/site';
  const rules = [{ projects: ['*'], repository: AT, prune: PRUNE }];

  it('is that of Direct Upload projects: what it had and lacks goes, a name that it never had stays', async () => {
    const repositories = { [AT]: refs('main', 'pr-1', 'pr-2') };
    await withRepositories(rules, repositories, async (world, asked) => {
      const project = addProject(world, 'upload', null, ['main', 'pr-1', 'pr-2', 'never-pushed']);
      await hour(world, 0);
      repositories[AT] = refs('main', 'pr-2').map((ref, n) => ({
        ...ref,
        commit: `${n * 2 + 1}`.repeat(40),
      }));
      for (const nth of [1, 2, 3]) await hour(world, nth);
      expect(project.deployments.map(({ branch }) => branch).toSorted()).toEqual([
        'main',
        'never-pushed',
        'pr-2',
      ]);
      expect(new Set(asked.map(({ url }) => new URL(url).host))).toEqual(new Set(['git.example']));
    });
  });

  it('another one starts afresh: what the first one had is not missing in it', async () => {
    const other = 'https://git.example/acme/other';
    const repositories = { [AT]: refs('main', 'pr-1'), [other]: refs('main') };
    await withRepositories(rules, repositories, async (world) => {
      addProject(world, 'upload', null, ['main', 'pr-1']);
      await hour(world, 0);
      world.settings.RULES = [{ ...rules[0], repository: other }];
      for (const nth of [1, 2, 3]) await hour(world, nth);
      expect(deletes(world)).toEqual([]);
    });
  });

  it('is not asked about a project that is connected to another one, and it is told; a mirror is', async () => {
    const mirror = 'https://git.example/Example-Org/mirrored';
    const named = [{ projects: ['mirrored'], repository: mirror, prune: PRUNE }, ...rules];
    await withRepositories(named, { [AT]: refs('main'), [mirror]: refs('main') }, async (world, asked) => {
      addProject(world, 'docs', 'github', ['main', 'dev']);
      addProject(world, 'mirrored', 'github', ['main']);
      await hour(world, 0);
      expect(warnings(world)).toContain(
        'docs: no branch of it counts as gone from Git: it is connected to example-org/docs, and its rule names another repository',
      );
      expect(new Set(asked.map(({ url }) => url.slice(0, url.indexOf('.git/'))))).toEqual(new Set([mirror]));
    });
  });

  it('that gave no answer is not waited for once no rule names it: the run goes on', async () => {
    for (const left of [[], [{ projects: ['upload'] }]])
      await withRepositories(rules, {}, async (world, asked) => {
        addProject(world, 'upload', null, ['main', 'pr-1']);
        await begin(world);
        while (asked.length === 0 && (await world.step()));
        const before = asked.length;
        world.settings.RULES = [...left, { projects: ['other'], prune: { olderThanDays: 30 } }];
        await world.run(START + 55 * MINUTE);
        expect(world.runs()).toMatchObject([{ outcome: expect.stringMatching(/done|partial/) }]);
        expect(world.keeper.work().tasks.size).toBe(0);
        expect([asked.length, world.log.filter(({ event }) => event === 'alarm')]).toEqual([before, []]);
      });
  });

  it('is asked once for all its projects, and believed by each for itself', async () => {
    const repositories = { [AT]: refs('main', 'dev', 'pr-1') };
    await withRepositories(rules, repositories, async (world, asked) => {
      const [one, two] = ['one', 'two'].map((name) => addProject(world, name, null, ['main', 'dev', 'pr-1']));
      two?.renameProductionBranch('trunk');
      await hour(world, 0);
      expect(asked).toHaveLength(2);
      repositories[AT] = refs('main', 'dev');
      for (const nth of [1, 2]) await hour(world, nth);
      expect(one?.deployments.map(({ branch }) => branch)).not.toContain('pr-1');
      expect(two?.deployments.map(({ branch }) => branch)).toContain('pr-1');
      expect(warnings(world)).toEqual([
        'two: no branch of it counts as gone from Git: it has no branch trunk',
      ]);
    });
  });
});

it('a host that is down is asked three times a tick, whatever the number of its repositories', async () => {
  const rules = [{ projects: ['*'], prune: PRUNE }];
  await withRepositories(rules, {}, async (world, asked) => {
    for (let nth = 0; nth < 12; nth += 1) addProject(world, `p${nth}`, 'github', ['main', 'dev']);
    for (const nth of [0, 1]) {
      asked.length = 0;
      await hour(world, nth);
      // Two are on their way at once.
      expect(asked.length).toBeGreaterThanOrEqual(3);
      expect(asked.length).toBeLessThanOrEqual(4);
      expect(warnings(world)).toHaveLength(12);
      expect(world.runs()[0]?.outcome).toBe('done');
    }
  });
});

it('a hundred and twenty repositories are all asked, within what an alarm may send', async () => {
  const names = Array.from({ length: 120 }, (_, nth) => `p${nth}`);
  const all = Object.fromEntries(
    names.map((name) => [`https://github.com/example-org/${name}`, refs('main')]),
  );
  await withRepositories([{ projects: ['*'], prune: PRUNE }], all, async (world, asked) => {
    for (const name of names) addProject(world, name, 'github', ['main', 'dev']);
    await hour(world, 0);
    expect(asked).toHaveLength(240);
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});
