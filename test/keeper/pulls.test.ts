// The whole Keeper and pull requests: previews of Direct Upload, `pr-N`, go when theirs is closed, and by nothing less; ten are asked about
// in a run, and the token goes to that host's own API.

import { expect, it } from 'vitest';
import { fakeGit, heads } from '../git/answers.ts';
import { acts, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const PRUNE = { olderThanDays: 90, goneBranchesAfterDays: 0, pullRequests: 'pr-{number}' };
const RULES = [{ projects: ['*'], repository: 'https://github.com/acme/site', prune: PRUNE }];
const iso = (at: number) => new Date(at).toISOString();

interface Hosts {
  branches: string[];
  /** What the API answers about a pull request. */
  pull: (number: number) => Response | Promise<Response>;
  readonly asked: { host: string; path: string; authorization: string | null }[];
}

const pull = (number: number, change: object = {}) =>
  Response.json({
    ...{ number, state: 'closed', base: { repo: { full_name: 'acme/site' } } },
    ...{ created_at: iso(START - 9 * DAY), closed_at: iso(START - 2 * HOUR), merged_at: null },
    ...change,
  });

async function withPulls(
  count: number,
  use: (world: World, hosts: Hosts) => Promise<void>,
  settings: Record<string, unknown> = {},
): Promise<void> {
  await inWorld({ settings: { RULES, GIT_TOKEN: 'secret', ...settings } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'site', source: null });
    const names = Array.from({ length: count }, (_, n) => `pr-${n + 1}`);
    for (const name of ['main', ...names, 'staging'])
      for (const nth of [2, 1]) project.add({ createdAt: START - nth * DAY, branch: name });
    const hosts: Hosts = { branches: ['main'], pull: (number) => pull(number), asked: [] };
    world.source = async (request) => {
      const { host, pathname } = new URL(request.url);
      hosts.asked.push({ host, path: pathname, authorization: request.headers.get('authorization') });
      const number = /^\/repos\/acme\/site\/pulls\/(\d+)$/.exec(pathname)?.[1];
      if (number !== undefined) return hosts.pull(Number(number));
      const body = new TextDecoder().decode(await request.arrayBuffer());
      return fakeGit({ refs: heads(...hosts.branches) })(request.url, { body });
    };
    await use(world, hosts);
  });
}

const hourly = async (world: World, from: number, times: number) => {
  for (let nth = from; nth < from + times; nth += 1)
    await world.tick(START + nth * HOUR, undefined, START + nth * HOUR + 55 * MINUTE);
};
const left = (world: World) => [
  ...new Set(world.simulator.account.projects[0]?.deployments.map(({ branch }) => branch)),
];
const deletes = (world: World) => acts(world.simulator).filter((act) => act.startsWith('DELETE'));
const warnings = (world: World) => world.runs().flatMap((run) => run.warnings.map(({ text }) => text));
const numbers = ({ asked }: Hosts) =>
  asked.flatMap(({ path }) => Number(/pulls\/(\d+)$/.exec(path)?.[1] ?? []) || []);

it('the previews of a closed one go whole, those of an open one and all others stay', async () => {
  await withPulls(2, async (world, hosts) => {
    hosts.pull = (number) => pull(number, number === 2 ? { state: 'open', closed_at: null } : {});
    await hourly(world, 0, 1);
    expect(left(world).toSorted()).toEqual(['main', 'pr-2', 'staging']);
    expect(deletes(world).at(-1)).toContain(' force');
    const [run] = world.runs();
    expect(world.deletions(run?.id ?? '').map(({ reason }) => reason)).toEqual(Array(2).fill('gone-branch'));
    expect(warnings(world)).toEqual([]);
    const tokens = new Map(hosts.asked.map(({ host, authorization }) => [host, authorization]));
    expect([...tokens]).toEqual([
      ['github.com', `Basic ${btoa('x-access-token:secret')}`],
      ['api.github.com', 'Bearer secret'],
    ]);
  });
});

it('they stay for as many days as the policy says', async () => {
  const rules = [{ ...RULES[0], prune: { ...PRUNE, goneBranchesAfterDays: 1 } }];
  await withPulls(
    1,
    async (world) => {
      // The newest deployment is of a day ago, and two hours ago it was closed.
      await hourly(world, 0, 22);
      expect(deletes(world)).toEqual([]);
      await hourly(world, 22, 2);
      expect(left(world)).not.toContain('pr-1');
    },
    { RULES: rules },
  );
});

it.each<[string, (hosts: Hosts) => void]>([
  [
    'it is open',
    (hosts) => {
      hosts.pull = (n) => pull(n, { state: 'open', closed_at: null });
    },
  ],
  [
    'it was closed just now',
    (hosts) => {
      hosts.pull = (n) => pull(n, { closed_at: iso(START - 10 * MINUTE) });
    },
  ],
  [
    'it was opened after what was deployed',
    (hosts) => {
      hosts.pull = (n) => pull(n, { created_at: iso(START - HOUR) });
    },
  ],
  [
    'the answer is for another number',
    (hosts) => {
      hosts.pull = (n) => pull(n + 1);
    },
  ],
  [
    'it is of another repository',
    (hosts) => {
      hosts.pull = (n) => pull(n, { base: { repo: { full_name: 'acme/b' } } });
    },
  ],
  [
    'it is not there',
    (hosts) => {
      hosts.pull = () => new Response('', { status: 404 });
    },
  ],
  [
    'it moved',
    (hosts) => {
      hosts.pull = () => new Response('', { status: 301, headers: { location: 'https://x.test/' } });
    },
  ],
  [
    'the token is refused',
    (hosts) => {
      hosts.pull = () => new Response('', { status: 401 });
    },
  ],
  [
    'there is no answer',
    (hosts) => {
      hosts.pull = () => Promise.reject(new Error('no'));
    },
  ],
  [
    'Git holds the branch',
    (hosts) => {
      hosts.branches = ['main', 'pr-1'];
    },
  ],
  [
    'Git says nothing',
    (hosts) => {
      hosts.branches = [];
    },
  ],
])('nothing goes where %s', async (_, spoil) => {
  await withPulls(1, async (world, hosts) => {
    spoil(hosts);
    await hourly(world, 0, 1);
    expect(deletes(world)).toEqual([]);
  });
});

it('what was deployed after the answer stays, and nothing is sent by force', async () => {
  await withPulls(1, async (world, hosts) => {
    const pushed: string[] = [];
    hosts.pull = (n) => {
      const one = world.simulator.account.projects[0]?.push('pr-1', world.now() + MINUTE);
      if (one) pushed.push(one.id);
      return pull(n);
    };
    await hourly(world, 0, 1);
    expect(deletes(world).filter((act) => act.endsWith(' force'))).toEqual([]);
    const ids = world.simulator.account.projects[0]?.deployments.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(pushed));
    expect(pushed).toHaveLength(1);
  });
});

it('without a token nobody is asked, and it is told', async () => {
  await withPulls(
    1,
    async (world, hosts) => {
      await hourly(world, 0, 1);
      expect(deletes(world)).toEqual([]);
      expect(numbers(hosts)).toEqual([]);
      expect(warnings(world).join()).toContain(
        'by its pull request: GIT_TOKEN holds no token for github.com',
      );
    },
    { GIT_TOKEN: '{"gitlab.com": "other"}' },
  );
});

it('ten are asked about in a run, the longest unasked first; after a refusal no other', async () => {
  await withPulls(14, async (world, hosts) => {
    hosts.pull = (n) => pull(n, { state: 'open', closed_at: null });
    await hourly(world, 0, 1);
    const first = numbers(hosts);
    await hourly(world, 1, 1);
    const second = numbers(hosts).slice(first.length);
    expect([new Set(first).size, new Set(second).size]).toEqual([10, 10]);
    expect(new Set([...first, ...second.slice(0, 4)]).size).toBe(14);
    hosts.asked.length = 0;
    hosts.pull = () => new Response('', { status: 403 });
    await hourly(world, 2, 1);
    expect(numbers(hosts)).toHaveLength(1);
    expect(warnings(world).join()).toMatch(/by its pull request: pull request \d+: HTTP 403/);
    expect(deletes(world)).toEqual([]);
  });
});
