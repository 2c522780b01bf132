// The whole Keeper and Git: previews go with their branch, by the second believed reading an hour later, the last one by force; whatever
// is doubtful about what Git says deletes nothing and is told.

import { describe, expect, it } from 'vitest';
import { lookAtBranches } from '../../src/keeper/git/heads.ts';
import { deleteBatch, reserveBatch } from '../../src/keeper/prune/delete.ts';
import { queueOf } from '../../src/keeper/tasks.ts';
import { fakeGit, type Ref } from '../git/answers.ts';
import { deployment } from '../policy/fixture.ts';
import { begin } from './accounts.ts';
import { callsWith, contextOf } from './context.ts';
import { acts, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const PRUNE = { environment: 'preview', olderThanDays: 30, goneBranchesAfterDays: 0 };
const RULES = [{ projects: ['*'], prune: PRUNE }];

interface Git {
  refs: Ref[];
  /** Answers in its place. */
  instead: ((request: Request) => Response | Promise<Response> | null) | null;
  readonly asked: Request[];
}

const ref = (name: string, commit: string): Ref => ({ name: `refs/heads/${name}`, commit });

/** A project with three deployments of each of these branches, all pushed within the last days, and Git as it says. */
async function withBranches(
  names: readonly string[],
  use: (world: World, git: Git) => Promise<void>,
  settings: Record<string, unknown> = {},
): Promise<void> {
  await inWorld({ settings: { RULES, ...settings } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (const name of ['main', ...names])
      for (let nth = 3; nth > 0; nth -= 1) project.add({ createdAt: START - nth * 8 * HOUR, branch: name });
    const head = (name: string) => project.deployments.find(({ branch }) => branch === name)?.hash ?? '';
    const git: Git = {
      refs: ['main', ...names].map((name) => ref(name, head(name))),
      instead: null,
      asked: [],
    };
    world.source = async (request) => {
      git.asked.push(request.clone());
      const instead = git.instead?.(request) ?? null;
      if (instead !== null) return instead;
      const init = {
        ...(request.method === 'POST' ? { body: new TextDecoder().decode(await request.arrayBuffer()) } : {}),
      };
      return fakeGit({ refs: git.refs })(request.url, init);
    };
    await use(world, git);
  });
}

const remove = (git: Git, ...names: string[]) => {
  git.refs = git.refs.filter(({ name }) => !names.some((one) => name === `refs/heads/${one}`));
};
const deletes = (world: World) => acts(world.simulator).filter((act) => act.startsWith('DELETE'));
const branchesLeft = (world: World) => [
  ...new Set(world.simulator.account.projects[0]?.deployments.map(({ branch }) => branch)),
];
const hourly = async (world: World, from: number, times: number) => {
  for (let nth = 0; nth < times; nth += 1)
    await world.tick(START + (from + nth) * HOUR, undefined, START + (from + nth) * HOUR + 55 * MINUTE);
};
const warnings = (world: World) => world.runs().flatMap((run) => run.warnings.map(({ text }) => text));

describe('a branch that was removed', () => {
  it('goes whole by the second reading an hour later, the last one by force; nothing else does', async () => {
    await withBranches(['feature/a', 'feature/b'], async (world, git) => {
      await hourly(world, 0, 1);
      remove(git, 'feature/a');
      await hourly(world, 1, 1);
      expect(deletes(world)).toEqual([]);
      await hourly(world, 2, 1);
      expect(branchesLeft(world).toSorted()).toEqual(['feature/b', 'main']);
      const sent = deletes(world);
      expect(sent.map((act) => act.endsWith(' force'))).toEqual([false, false, true]);
      const [run] = world.runs();
      expect(world.deletions(run?.id ?? '').map(({ reason }) => reason)).toEqual(
        Array(3).fill('gone-branch'),
      );
      expect(warnings(world)).toEqual([]);
    });
  });

  it('stays for as many days as its policy says', async () => {
    const rules = [{ projects: ['*'], prune: { ...PRUNE, goneBranchesAfterDays: 1 } }];
    await withBranches(
      ['feature/a', 'feature/b'],
      async (world, git) => {
        await hourly(world, 0, 1);
        remove(git, 'feature/a');
        await hourly(world, 1, 24);
        expect(deletes(world)).toEqual([]);
        await hourly(world, 25, 1);
        expect(branchesLeft(world)).not.toContain('feature/a');
      },
      { RULES: rules },
    );
  });

  it('loses nothing from the moment it is there again', async () => {
    await withBranches(['feature/a', 'feature/b'], async (world, git) => {
      const [, a] = git.refs;
      await hourly(world, 0, 1);
      remove(git, 'feature/a');
      await hourly(world, 1, 1);
      if (a) git.refs.push(a);
      await hourly(world, 2, 1);
      remove(git, 'feature/a');
      await hourly(world, 3, 1);
      expect(deletes(world)).toEqual([]);
      await hourly(world, 4, 1);
      expect(deletes(world)).toHaveLength(3);
    });
  });

  it('is asked for once more before it is deleted: there again, or no answer, it stays', async () => {
    for (const answer of ['there', 'none'] as const) {
      await withBranches(['feature/a', 'feature/b'], async (world, git) => {
        const refs = [...git.refs];
        await hourly(world, 0, 1);
        remove(git, 'feature/a');
        await hourly(world, 1, 1);
        // The reading of the run lacks it; what is asked before the deletes does not.
        let posts = 0;
        git.instead = (request) => {
          if (request.method !== 'POST') return null;
          posts += 1;
          if (posts === 1) return null;
          if (answer === 'none') return new Response('down', { status: 503 });
          git.refs = refs;
          return null;
        };
        await hourly(world, 2, 1);
        expect(posts).toBeGreaterThan(1);
        expect(deletes(world)).toEqual([]);
      });
    }
  });

  it('waits where Git cannot be asked before it is deleted: no request is left, or nobody knows of whom', async () => {
    await withBranches(['feature/a', 'feature/b'], async (world, git) => {
      await hourly(world, 0, 1);
      remove(git, 'feature/a');
      await hourly(world, 1, 1);
      await begin(world, START + 2 * HOUR);
      const id = world.simulator.account.projects[0]?.id ?? '';
      const queue = () => queueOf(world.keeper.work().tasks.get(id));
      while (queue() === null) await world.step();
      // The head of the list is as it was known.
      const rows = [deployment({ id: queue()?.listHead ?? '' })];
      const { sent, calls } = callsWith({ kind: 'answer', value: { rows } });
      Object.assign(calls, { elsewhere: () => null });
      const context = contextOf(world);
      const reserved = reserveBatch(context);
      expect(reserved?.items.map(({ branch }) => branch)).toContain('feature/a');
      await deleteBatch(context, calls, reserved);
      expect(sent.filter((about) => (about as { kind: string }).kind === 'delete')).toEqual([]);
      expect(queue()?.sending).toBeNull();

      const gone = { id, items: reserved?.items ?? [] };
      const known = world.keeper.store.read('projects', id);
      if (known === null) throw new Error('it is known');
      expect(await lookAtBranches(context, calls, gone)).toBe('spent');
      const ruleless = { ...context, config: { ...context.config, rules: [] } };
      expect(await lookAtBranches(ruleless, calls, gone)).toBe('doubtful');
      world.keeper.store.write('projects', id, { ...known, project: { ...known.project, source: null } });
      expect(await lookAtBranches(context, calls, gone)).toBe('doubtful');
      world.keeper.store.remove('projects', id);
      expect(await lookAtBranches(context, calls, gone)).toBe('doubtful');
    });
  });

  it('of which the newest is deleted already is not stale by that, where Git can be asked no more', async () => {
    const rules = [{ projects: ['*'], prune: { ...PRUNE, olderThanDays: 7, staleBranchesAfterDays: 14 } }];
    await withBranches(
      ['feature/b'],
      async (world, git) => {
        const [project] = world.simulator.account.projects;
        const head = project?.add({ createdAt: START - 20 * DAY, branch: 'feature/a' });
        // It failed, so it holds no alias, and goes before the head.
        project?.add({ createdAt: START - DAY, branch: 'feature/a', outcome: 'failure' });
        git.refs.push(ref('feature/a', head?.hash ?? ''));
        await hourly(world, 0, 1);
        remove(git, 'feature/a');
        await hourly(world, 1, 1);
        world.simulator.fault = ({ method, query }) => {
          if (method !== 'DELETE' || query.force !== 'true') return null;
          git.instead = () => new Response('down', { status: 503 });
          return { kind: 'status', status: 500 };
        };
        await hourly(world, 2, 1);
        expect(deletes(world).length).toBeGreaterThan(0);
        world.simulator.fault = null;
        const sent = deletes(world).length;
        await hourly(world, 3, 3);
        expect(deletes(world)).toHaveLength(sent);
        expect(branchesLeft(world)).toContain('feature/a');
      },
      { RULES: rules },
    );
  });

  it('is asked for once more before each batch of deletes, as many as one alarm can send beside it', async () => {
    const names = Array.from({ length: 130 }, (_, n) => `feature/${n}`);
    await withBranches(names, async (world, git) => {
      await hourly(world, 0, 1);
      remove(git, ...names.slice(0, 60));
      await hourly(world, 1, 1);
      const before = git.asked.length;
      await hourly(world, 2, 1);
      expect(deletes(world)).toHaveLength(180);
      // 60 hold an alias: they go after one look at the list, the other 120 without.
      const asked = git.asked.slice(before).filter(({ method }) => method === 'POST');
      expect(asked).toHaveLength(1 + Math.ceil(120 / 43) + Math.ceil(60 / 42));
    });
  });

  it('keeps what was deployed after it was removed', async () => {
    await withBranches(['feature/a', 'feature/b'], async (world, git) => {
      await hourly(world, 0, 1);
      remove(git, 'feature/a');
      await hourly(world, 1, 1);
      world.simulator.account.projects[0]?.push('feature/a', START + HOUR + 30 * MINUTE);
      await hourly(world, 2, 1);
      expect(deletes(world)).toEqual([]);
      await hourly(world, 3, 1);
      expect(deletes(world)).toHaveLength(4);
    });
  });
});

describe('nothing is deleted, and it is told, where', () => {
  const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
  it.each<[string, (git: Git) => void]>([
    [
      'the answer is cut',
      (git) => {
        git.instead = (request) => (request.method === 'POST' ? cut(git.refs) : null);
      },
    ],
    [
      'there is no branch at all',
      (git) => {
        git.refs = [];
      },
    ],
    ['the production branch is missing', (git) => remove(git, 'main')],
    [
      'it is another repository',
      (git) => {
        git.refs = [ref('main', 'f'.repeat(40)), ref('other', 'e'.repeat(40))];
      },
    ],
    [
      'it leads elsewhere',
      (git) => {
        git.instead = () =>
          new Response(null, { status: 301, headers: { location: 'https://elsewhere.test/' } });
      },
    ],
    [
      'it is a page',
      (git) => {
        git.instead = html;
      },
    ],
    [
      'it is not to be had',
      (git) => {
        git.instead = () => Promise.reject(new Error('no'));
      },
    ],
    [
      'it is huge',
      (git) => {
        git.instead = () =>
          new Response('x'.repeat(1_000_001), {
            headers: { 'content-type': 'application/x-git-upload-pack-advertisement' },
          });
      },
    ],
    ['most branches are missing at once', (git) => remove(git, 'feature/b', 'feature/c')],
  ])('%s', async (_, spoil) => {
    await withBranches(['feature/a', 'feature/b', 'feature/c', 'feature/d'], async (world, git) => {
      await hourly(world, 0, 1);
      remove(git, 'feature/a');
      spoil(git);
      await hourly(world, 1, 5);
      expect(deletes(world)).toEqual([]);
      const told = warnings(world).filter((text) => text.includes('counts as gone'));
      expect(told.length).toBeGreaterThan(3);
      // Who reads the log alone finds them as well.
      const logged = world.log.filter(({ event, level }) => event === 'git-unread' && level === 'warn');
      expect(logged).toHaveLength(told.length);
    });
  });

  it('most are missing for a day: then it is believed', async () => {
    await withBranches(['feature/a', 'feature/b', 'feature/c', 'feature/d'], async (world, git) => {
      await hourly(world, 0, 1);
      remove(git, 'feature/a', 'feature/b', 'feature/c');
      await hourly(world, 1, 25);
      expect(deletes(world)).toEqual([]);
      await hourly(world, 26, 1);
      expect(branchesLeft(world).toSorted()).toEqual(['feature/d', 'main']);
    });
  });
});

/** What Git would answer, without its end. */
async function cut(refs: readonly Ref[]): Promise<Response> {
  const init = { body: 'ref-prefix refs/heads/\n' };
  return fakeGit({ refs, cut: 4 })('https://x/git-upload-pack', init);
}

it('a token goes to its own host only', async () => {
  await withBranches(
    ['feature/a'],
    async (world, git) => {
      await hourly(world, 0, 1);
      const sent = git.asked.map(({ url, headers }) => [new URL(url).host, headers.get('authorization')]);
      expect(sent.length).toBeGreaterThan(1);
      for (const one of sent) expect(one).toEqual(['github.com', `Basic ${btoa('x-access-token:secret')}`]);
    },
    { GIT_TOKEN: 'secret' },
  );
  await withBranches(
    ['feature/a'],
    async (world, git) => {
      await hourly(world, 0, 1);
      expect(git.asked.map(({ headers }) => headers.get('authorization'))).toEqual([null, null]);
      expect(JSON.stringify([world.log, world.runs()])).not.toContain('hunter2');
    },
    { GIT_TOKEN: '{"git.example": "hunter2"}' },
  );
});

it('Git is not asked where no policy wants to know, and once a repository and tick where one does', async () => {
  await withBranches(
    ['feature/a'],
    async (world, git) => {
      await hourly(world, 0, 2);
      expect(git.asked).toEqual([]);
    },
    { RULES: [{ projects: ['*'], prune: { olderThanDays: 30 } }] },
  );
  await withBranches(['feature/a'], async (world, git) => {
    await hourly(world, 0, 2);
    expect(git.asked).toHaveLength(4);
    expect(DAY).toBeGreaterThan(0);
  });
});
