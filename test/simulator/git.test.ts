// The repositories of the simulated account, read by the Worker's own reader, which is held to a real Git elsewhere (e2e).

import { expect, test } from 'vitest';
import { answerGit } from '../../simulator/git.ts';
import { askHeads } from '../../src/git/ask.ts';
import { Wanted } from '../../src/git/wanted.ts';
import { still } from './asking.ts';

function world() {
  const { account, time } = still();
  const project = account.addProject({ name: 'docs' });
  for (const branch of ['main', 'feature/a', 'übersetzung']) project.push(branch, time.now);
  const ask = async (name: string, prefixes?: string[]) => {
    const answer = await askHeads(
      async (url, init) =>
        (await answerGit(account, new Request(url, init))) ?? new Response('', { status: 404 }),
      { address: `http://localhost/example-org/${name}.git`, authorization: null },
      new Wanted(['main', 'feature/a', 'übersetzung']),
      prefixes,
    );
    return answer.kind === 'heads' && answer.heads.whole ? [...answer.heads.met.keys()] : answer;
  };
  return { project, time, ask };
}

test('a branch is there until somebody removes it, and again when somebody pushes it', async () => {
  const { project, time, ask } = world();
  expect(await ask('docs')).toEqual(expect.arrayContaining(['main', 'feature/a', 'übersetzung']));
  project.removedBranches.add('feature/a');
  expect(await ask('docs')).toEqual(expect.not.arrayContaining(['feature/a']));
  project.push('feature/a', time.now);
  expect(await ask('docs')).toEqual(expect.arrayContaining(['feature/a']));
  expect(await ask('docs', ['feature/'])).toEqual(['feature/a']);
});

test('a repository that is not there answers 404', async () => {
  expect(await world().ask('other')).toMatchObject({
    kind: 'unread',
    why: expect.stringContaining('HTTP 404'),
  });
});
