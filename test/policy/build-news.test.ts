// Builds that have ended: who is told of which, in what words, with a link to which page.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BuildNews, buildNotices } from '../../src/policy/build-news.ts';
import { TOPICS, type Topic } from '../../src/policy/destinations.ts';

const KEEPER = 'https://keeper.example.com';
const build = (seq: number, change: Partial<BuildNews> = {}): BuildNews => ({
  ...{ seq, id: `id-${seq}`, project: 'docs', branch: 'main', production: true, ok: true, endedAt: seq },
  ...change,
});

const ENDED = {
  'production ok': build(1),
  'production failed': build(2, { ok: false }),
  'preview ok': build(3, { production: false, branch: 'next' }),
  'preview failed': build(4, { production: false, branch: 'next', ok: false }),
} as const;

const told = (about: readonly Topic[], projects: readonly string[] = ['*'], news = Object.values(ENDED)) =>
  buildNotices({ about, projects }, news, null).map(({ seq }) => seq);

describe('who is told', () => {
  test.each<[readonly Topic[], readonly (keyof typeof ENDED)[]]>([
    [[], []],
    [['trouble', 'production'], []],
    [['success'], ['production ok']],
    [['previews'], ['preview failed']],
    [
      ['success', 'previews'],
      ['production ok', 'preview ok', 'preview failed'],
    ],
  ])('about %j: %j', (about, names) => {
    expect(told(about)).toEqual(names.map((name) => ENDED[name].seq));
  });

  test('of the projects that it asks for alone', () => {
    const news = [build(1), build(2, { project: 'blog' }), build(3, { project: 'docs-old' })];
    expect(told(['success'], ['docs*'], news)).toEqual([1, 3]);
    expect(told(['success'], ['blog'], news)).toEqual([2]);
    expect(told(['success', 'previews'], [], news)).toEqual([]);
  });

  test('in the order of the news, each once; to who wants more, no less', () => {
    const news = fc.array(
      fc.record({ project: fc.constantFrom('docs', 'blog'), production: fc.boolean(), ok: fc.boolean() }),
    );
    fc.assert(
      fc.property(news, fc.subarray([...TOPICS]), fc.constantFrom(...TOPICS), (all, about, further) => {
        const builds = all.map((change, at) => build(at, change));
        const some = told(about, ['docs'], builds);
        const more = told([...about, further], ['docs'], builds);
        expect(more).toEqual([...new Set(more)].sort((a, b) => a - b));
        expect(more).toEqual(expect.arrayContaining(some));
        expect(more.map((seq) => builds[seq]?.project)).not.toContain('blog');
      }),
    );
  });
});

describe('what is told', () => {
  const all = { about: ['success', 'previews'], projects: ['*'] } as const;

  test('project, environment, branch and outcome, with a link to the deployment', () => {
    expect(buildNotices(all, Object.values(ENDED), KEEPER)).toEqual([
      {
        ...{ seq: 1, kind: 'build', about: 'build id-1' },
        text: 'docs: the production build of main succeeded.',
        link: 'https://keeper.example.com/projects/docs/deployments/id-1',
      },
      {
        ...{ seq: 3, kind: 'build', about: 'build id-3' },
        text: 'docs: the preview build of next succeeded.',
        link: 'https://keeper.example.com/projects/docs/deployments/id-3',
      },
      {
        ...{ seq: 4, kind: 'build', about: 'build id-4' },
        text: 'docs: the preview build of next failed.',
        link: 'https://keeper.example.com/projects/docs/deployments/id-4',
      },
    ]);
  });

  test('no link where the address of the Keeper is not known', () => {
    expect(buildNotices(all, [build(1)], null).map(({ link }) => link)).toEqual([null]);
  });

  test('an id from outside stays one part of the path', () => {
    const [notice] = buildNotices(all, [build(1, { id: '../x?y#z', project: 'a/b' })], KEEPER);
    expect(notice?.link).toBe('https://keeper.example.com/projects/a%2Fb/deployments/..%2Fx%3Fy%23z');
  });
});
