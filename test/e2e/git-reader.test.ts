// The reader of refs before two judges, isomorphic-git and `git ls-remote`: over random repositories served by git's own
// http-backend, in the protocol of today and in the old one.

import fc from 'fast-check';
import git from 'isomorphic-git';
import http from 'isomorphic-git/http/node';
import { describe, expect, it } from 'vitest';
import { askHeads } from '../../src/git/ask.ts';
import { Wanted } from '../../src/git/wanted.ts';
import { type GitServer, HAS_GIT, serveGit } from './git-server.ts';

const NAME = fc.stringMatching(/^[a-z][a-zA-Z0-9äé%_-]{0,9}(-[a-z0-9A-Z]{1,70})?$/);
const ABSENT = ['never-there', 'Nor-this'];

async function read(server: GitServer, names: readonly string[]) {
  const address = { address: `${server.url}.git`, authorization: null };
  const answer = await askHeads(fetch, address, new Wanted([...names, ...ABSENT]));
  if (answer.kind === 'unread') throw new Error(answer.why);
  return answer;
}

const linesOf = (heads: ReadonlyMap<string, { readonly name: string; readonly commit: string }>) =>
  [...heads.values()].map(({ name, commit }) => `${commit}\trefs/heads/${name}`).toSorted();

describe.skipIf(!HAS_GIT)('with git on this machine, the refs of random repositories are those', () => {
  it.each(['any', 'old'] as const)(
    'that git ls-remote and isomorphic-git tell (protocol: %s)',
    async (version) => {
      const server = await serveGit(version);
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.uniqueArray(NAME, { maxLength: 9, selector: (n) => n.toLowerCase() }),
            async (names) => {
              const branches = Object.fromEntries(names.map((name, n) => [name, n]));
              server.setBranches(branches);
              const { heads } = await read(server, names);
              expect(heads.whole).toBe(true);
              expect(heads.count).toBe(names.length);
              // Of names of 60 letters one may be met by another that begins like it: each is met by itself first.
              expect(linesOf(heads.met)).toEqual(server.lsRemote().toSorted());
              const protocolVersion = version === 'any' ? 2 : 1;
              const told = await git.listServerRefs({
                ...{ http, url: `${server.url}.git`, prefix: 'refs/heads/', protocolVersion },
              });
              expect(linesOf(heads.met)).toEqual(told.map(({ oid, ref }) => `${oid}\t${ref}`).toSorted());
            },
          ),
          { numRuns: 12 },
        );
      } finally {
        await server.close();
      }
    },
  );

  it('ten thousand branches are read, within 1 MB', async () => {
    const server = await serveGit();
    try {
      const names = Array.from({ length: 10_000 }, (_, n) => `renovate/some-library-${n}`);
      server.setBranches(Object.fromEntries([...names, 'main'].map((name, n) => [name, n % 7])));
      const { heads, bytes } = await read(server, ['main', ...names.slice(0, 50)]);
      expect(heads).toMatchObject({ whole: true, count: 10_001 });
      expect(heads.met.size).toBe(51);
      expect(bytes).toBeLessThan(1_000_000);
    } finally {
      await server.close();
    }
  });
});
