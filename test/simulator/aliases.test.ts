// What `aliases` shows, and how a branch name becomes the name of its alias.
import { describe, expect, test } from 'vitest';
import { aliasSlug } from '../../simulator/aliases.ts';
import { Seeded } from '../../simulator/seeded.ts';
import { type DeploymentJson, still } from './asking.ts';

describe('aliases', () => {
  test('are shown on the newest success of a preview branch, and on no other', async () => {
    const { ask, account, time } = still();
    const project = account.addProject({ name: 'docs', subdomain: 'docs-7xk.pages.dev' });
    project.add({ createdAt: time.now - 300_000, branch: 'main' });
    project.add({ createdAt: time.now - 240_000, branch: 'feature/x' });
    project.add({ createdAt: time.now - 180_000, branch: 'feature/x' });
    project.add({ createdAt: time.now - 120_000, branch: 'feature/x', outcome: 'failure' });
    project.push('feature/x', time.now);
    const shown = async () =>
      (await ask<DeploymentJson[]>('GET /docs/deployments')).result.map(({ aliases }) => aliases);
    const alias = ['https://feature-x.docs-7xk.pages.dev'];
    expect(await shown()).toEqual([null, null, alias, null, null]);
    time.now += 60_000;
    expect(await shown()).toEqual([alias, null, null, null, null]);
  });

  test('of the live production deployment are its custom domains', async () => {
    const { ask, account, time } = still();
    const domains = ['docs.example.com', 'www.docs.example.com'];
    const project = account.addProject({ name: 'docs', domains });
    project.add({ createdAt: time.now - 300_000 });
    project.add({ createdAt: time.now - 240_000 });
    const { result } = await ask<DeploymentJson[]>('GET /docs/deployments');
    expect(result.map(({ aliases }) => aliases)).toEqual([domains.map((name) => `https://${name}`), null]);
  });
});

describe('the slug of an alias', () => {
  const slug = (branch: string, taken: string[] = []) => aliasSlug(branch, new Set(taken), new Seeded(1));

  test.each([
    ['main', 'main'],
    ['Feature/Search_Box', 'feature-search-box'],
    ['--odd', 'odd'],
    ['a-branch-with-a-name-far-too-long-for-dns', 'a-branch-with-a-name-far-too'],
  ])('of %s is %s', (branch, expected) => {
    expect(slug(branch)).toBe(expected);
  });

  test('that is taken gets four characters more', () => {
    expect(slug('feature-x', ['feature-x'])).toMatch(/^feature-x-[0-9a-f]{4}$/);
  });

  test('of a branch with letters beyond ASCII is a random one', () => {
    expect(slug('übersetzung')).toMatch(/^branch-[0-9a-f]{10}$/);
  });
});
