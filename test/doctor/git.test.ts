// What the doctor says of Git: which branches are not there any more, which repositories cannot be read, and why; and that it asks for
// branches and nothing else.

import { expect, it } from 'vitest';
import { askGit } from '../../doctor/git.ts';
import { concludeGit, gitSection } from '../../doctor/git-section.ts';
import { readOnlyOfGit, WriteRefused } from '../../doctor/read-only.ts';
import type { Rule } from '../../src/policy/rules.ts';
import { read } from '../config/fixture.ts';
import { commit, fakeGit, heads } from '../git/answers.ts';
import { ago, deployment, PRODUCTION, policy } from '../policy/fixture.ts';
import { plan, project, reading, rule } from './fixture.ts';

const ASKS = rule({ prune: [policy({ goneBranchesAfterDays: 1 })] });
const config = read({ GIT_TOKEN: 'secret' });

const pushed = (branch: string, n: number) =>
  deployment({
    commitHash: 'f'.repeat(40),
    id: `${branch}-${n}`,
    branch,
    createdAt: ago(n),
    pushedTo: 'github:acme/docs',
  });
const live = deployment({ ...PRODUCTION, id: 'live', createdAt: ago(1), commitHash: commit(1) });

function planned(change: { rule?: Rule; source?: null } = {}) {
  const of = change.rule ?? ASKS;
  const rows = [live, pushed('feature/a', 1), pushed('feature/a', 2), pushed('feature/b', 1)];
  const by = change.source === null ? { source: null } : {};
  return plan([], { rule: of, project: project(by), reading: reading(rows, of) });
}

async function told(git: Parameters<typeof askGit>[2], plans = [planned()]) {
  const findings = await askGit(plans, { config }, git);
  return { lines: gitSection(findings).join('\n'), mind: concludeGit(findings).mind, findings };
}

it('names the branches that are not there any more, with their deployments', async () => {
  const asked: { url: string; init: RequestInit }[] = [];
  const { lines, mind } = await told(readOnlyOfGit(fakeGit({ refs: heads('main', 'feature/b') }, asked)));
  expect(lines).toContain('https://github.com/acme/docs.git');
  expect(lines).toContain('feature/a (1 branch, 2 deployments)');
  expect(lines).not.toContain('feature/b');
  expect(mind).toEqual([]);
  const sent = asked.map(({ init }) => new Headers(init.headers).get('authorization'));
  expect(sent).toEqual(Array(2).fill(`Basic ${btoa('x-access-token:secret')}`));
});

it('asks a repository once, whoever is connected to it, and nobody where no rule wants to know', async () => {
  const asked: { url: string; init: RequestInit }[] = [];
  const git = fakeGit({ refs: heads('main') }, asked);
  expect((await told(git, [planned(), planned()])).findings).toHaveLength(2);
  expect(asked).toHaveLength(2);
  expect((await told(git, [planned({ rule: rule() })])).findings).toEqual([]);
  expect(asked).toHaveLength(2);
});

it.each<[string, Parameters<typeof askGit>[2], string]>([
  [
    'another repository',
    fakeGit({ refs: [{ name: 'refs/heads/main', commit: commit(9) }] }),
    'nothing shows that it is this project’s',
  ],
  ['a cut answer', fakeGit({ refs: heads('main'), cut: 4 }), 'the answer was not whole'],
  [
    'no access',
    () => Promise.resolve(new Response('', { status: 404 })),
    'GIT_TOKEN does not open it (HTTP 404)',
  ],
])('says why of %s', async (_, git, why) => {
  const { lines, mind } = await told(git);
  expect(lines).toContain(why);
  expect(mind.join()).toContain(`docs: no branch of it counts as gone from Git: `);
});

it('says that a Direct Upload needs its repository named', async () => {
  const { mind } = await told(fakeGit({ refs: [] }), [planned({ source: null })]);
  expect(mind.join()).toContain('it is connected to no repository, and its rule names none');
});

it.each(['0011command=fetch', '0014command=ls-ref', ''])('the body %j is not sent to Git', async (body) => {
  const asked: { url: string; init: RequestInit }[] = [];
  const git = readOnlyOfGit(fakeGit({ refs: [] }, asked));
  const url = 'https://git.example/a/b.git/git-upload-pack';
  await expect(git(url, { method: 'POST', body })).rejects.toThrow(WriteRefused);
  const other = 'https://git.example/a/b.git/git-receive-pack';
  await expect(git(other, { method: 'POST', body: '0014command=ls-refs\n0000' })).rejects.toThrow(
    WriteRefused,
  );
  expect(asked).toEqual([]);
});
