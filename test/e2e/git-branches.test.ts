// Previews go with their branch: the Worker under wrangler, and a real repository behind git's own http-backend. Ticks are an hour
// apart by their own time, for what Git said is dated by the later of that and the clock.

import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import { HOURLY } from './account.ts';
import { inWorld, type World } from './dev-worker.ts';
import { deletes, HOUR } from './drain.ts';
import { type GitServer, HAS_GIT, serveGit } from './git-server.ts';

const LOGIN = 'reader:canary-git-9e8d7c6b5a49';
const BRANCHES = { main: 1, 'feature/a': 2, 'feature/b': 3 };
const PRUNE = { environment: 'preview', olderThanDays: 30, goneBranchesAfterDays: 0 };

const answer =
  (status: number, headers: Record<string, string>, text = '') =>
  (_: unknown, response: ServerResponse) => {
    response.writeHead(status, headers).end(text);
    return true;
  };
const ADVERTISED = { 'content-type': 'application/x-git-upload-pack-advertisement' };
const SERVICE = '001e# service=git-upload-pack\n0000';
const PKT = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;
const old = (...refs: string[]) => SERVICE + refs.map((ref) => PKT(`${ref}\n`)).join('');

/** Three deployments of each branch, the newest an hour ago. */
function fill(project: SimulatedProject): void {
  for (const branch of Object.keys(BRANCHES))
    for (let nth = 3; nth > 0; nth -= 1) project.add({ createdAt: Date.now() - nth * HOUR, branch });
}

/** Ticks an hour after the one before, as often as this was called. */
function hourly(world: World) {
  let at = Math.floor(Date.now() / HOUR) * HOUR + HOUR;
  return async () => {
    await world.tick(HOURLY, at);
    at += HOUR;
    await world.ended();
  };
}

const branchesOf = ({ deployments }: SimulatedProject) =>
  [...new Set(deployments.map(({ branch }) => branch))].toSorted();

describe.skipIf(!HAS_GIT)('with git on this machine, a branch that was removed', () => {
  test('is gone by the second believed reading an hour later; until then, and by whatever is in doubt, nothing is', async () => {
    const [server, other] = [await serveGit(), await serveGit()];
    server.login = LOGIN;
    for (const one of [server, other]) one.setBranches(BRANCHES);
    const rules = [
      { projects: ['docs'], repository: server.url, prune: PRUNE },
      { projects: ['shop'], repository: other.url, prune: PRUNE },
    ];
    const host = ({ url }: GitServer) => new URL(url).host;
    const settings = { RULES: JSON.stringify(rules), GIT_TOKEN: JSON.stringify({ [host(server)]: LOGIN }) };
    try {
      await inWorld(
        { settings },
        ({ account }) => {
          for (const name of ['docs', 'shop']) fill(account.addProject({ name, source: null }));
        },
        async (world) => {
          const [docs, shop] = ['docs', 'shop'].map((name) => world.simulator.account.project(name));
          if (!docs || !shop) throw new Error('no projects');
          const tick = hourly(world);
          await tick();
          const { 'feature/a': _, ...left } = BRANCHES;
          server.setBranches(left);
          await tick();
          const fixed = 'f'.repeat(40);
          const doubtful: [string, GitServer['instead']][] = [
            [
              'the answer was not whole',
              answer(200, ADVERTISED, old(`${server.commit(1)} refs/heads/main\0a`)),
            ],
            ['its answer is none of Git’s', answer(200, { 'content-type': 'text/html' }, '<html>')],
            [`it leads to ${other.url}.git/`, answer(302, { location: `${other.url}.git/?token=${LOGIN}` })],
            [
              'it has no branch main',
              answer(200, ADVERTISED, `${old(`${server.commit(2)} refs/heads/b\0a`)}0000`),
            ],
            ['it has no branch main', answer(200, ADVERTISED, `${SERVICE}0000`)],
            [
              'nothing shows that it is this project’s',
              answer(200, ADVERTISED, `${old(`${fixed} refs/heads/main\0a`)}0000`),
            ],
            ['its answer is longer than 1 MB', answer(200, ADVERTISED, 'x'.repeat(1_000_001))],
            ['GIT_TOKEN does not open it (HTTP 401)', answer(401, {})],
            [
              'it says: no such repository',
              answer(200, ADVERTISED, SERVICE + PKT('ERR no such repository\n')),
            ],
          ];
          for (const [why, instead] of doubtful) {
            server.instead = instead;
            const [said, asked] = [world.printed.length, server.asked.length];
            await tick();
            expect(server.asked.length, why).toBeGreaterThan(asked);
            expect(world.printed.slice(said), why).toContain(why);
            expect(deletes(world.simulator.calls), why).toEqual([]);
          }
          server.instead = null;
          await tick();
          expect(branchesOf(docs)).toEqual(['feature/b', 'main']);
          expect(branchesOf(shop)).toEqual(Object.keys(BRANCHES).toSorted());
          const sent = deletes(world.simulator.calls);
          expect(sent.map(({ project, force }) => [project, force])).toEqual([
            ['docs', false],
            ['docs', false],
            ['docs', true],
          ]);
          const tokens = (one: GitServer) => [
            ...new Set(one.asked.map(({ authorization }) => authorization)),
          ];
          expect(tokens(server)).toEqual([`Basic ${btoa(LOGIN)}`]);
          expect(tokens(other)).toEqual([undefined]);
          for (const secret of [LOGIN, btoa(LOGIN)]) expect(world.printed).not.toContain(secret);
        },
      );
    } finally {
      await Promise.all([server.close(), other.close()]);
    }
  });
});
