// An account that looks like a real one: projects and deployments, one of each kind that the page tells apart.

import type { Deployment } from '../../src/pages-api/model.ts';
import type { BuildPoint, JudgedDeployment, ProjectSummary } from '../../src/report.ts';
import { DAY, HOUR, judged, MINUTE, NOW, project, summary } from './fixtures.ts';

const hex = (seed: number, length: number) =>
  Array.from(
    { length },
    (_, index) => ((seed * 2_654_435_761 + (index + 7) * 40_503 * (seed + 3)) >>> 9) % 16,
  )
    .map((digit) => digit.toString(16))
    .join('');

/** A made-up id. */
export const uuid = (seed: number) =>
  `${hex(seed, 8)}-${hex(seed + 1, 4)}-4${hex(seed + 2, 3)}-8${hex(seed + 3, 3)}-${hex(seed + 4, 12)}`;

/** Builds of a project, newest last; `failing`: which of them did. */
export const builds = (seed: number, many: number, failing: readonly number[] = []): BuildPoint[] =>
  Array.from({ length: many }, (_, index) => ({
    took: (52 + ((seed * 37 + index * index * 13) % 61)) * 1_000,
    ok: !failing.includes(index),
  }));

/** A build of a project at a time before now. */
export function build(
  name: string,
  seed: number,
  age: number,
  change: Partial<Deployment> = {},
): JudgedDeployment {
  const id = uuid(seed);
  return judged({
    id,
    createdAt: NOW - age,
    finishedAt: NOW - age + (70 + (seed % 50)) * 1_000,
    url: `https://${id.slice(0, 8)}.${name}.pages.dev`,
    commitHash: hex(seed + 9, 40),
    ...change,
  });
}

/** Stages of builds that are not ready. */
export const BUILDING = { stage: 'build', stageStatus: 'active', finishedAt: null } as const;
export const FAILED = { stage: 'build', stageStatus: 'failure' } as const;

function one(name: string, seed: number, age: number, message: string, change: Partial<ProjectSummary> = {}) {
  const live = build(name, seed, age, { commitMessage: message });
  return summary({
    project: project({
      id: uuid(seed + 100),
      name,
      subdomain: `${name}.pages.dev`,
      domains: [`${name}.pages.dev`],
      source: { type: 'github', owner: 'lighthouse-press', repo: name },
    }),
    live,
    latest: live,
    total: 80 + ((seed * 53) % 300),
    next: (seed * 7) % 40,
    builds: builds(seed, 24, seed % 3 === 0 ? [5, 17] : []),
    ...change,
  });
}

/** The project with domains of its own. */
export const withDomains = (item: ProjectSummary, ...domains: string[]): ProjectSummary => ({
  ...item,
  project: { ...item.project, domains: [...item.project.domains, ...domains] },
});

/** Eight projects: one of each kind that the page tells apart. */
export const ACCOUNT: readonly ProjectSummary[] = [
  withDomains(
    one('storefront', 1, 5 * DAY, 'Show delivery dates in the basket', {
      latest: build('storefront', 2, 2 * HOUR, { ...FAILED, commitMessage: 'Upgrade to Vite 8' }),
      failedSinceLive: 3,
      builds: builds(1, 24, [21, 22, 23]),
    }),
    'shop.lighthouse.press',
  ),
  withDomains(
    one('handbook', 3, DAY, 'Add the travel policy', {
      latest: build('handbook', 4, 3 * MINUTE, {
        ...BUILDING,
        environment: 'preview',
        branch: 'feat/onboarding-checklist',
        commitMessage: 'Draft the onboarding checklist',
      }),
    }),
    'handbook.lighthouse.press',
  ),
  withDomains(
    one('blog', 5, 9 * DAY, 'Fix the feed of drafts', { rolledBack: true, next: 4_484, total: 5_000 }),
    'blog.lighthouse.press',
    'journal.lighthouse.press',
  ),
  one('design-system', 6, 3 * HOUR, 'Round the corners of cards'),
  one('docs', 7, 21 * HOUR, 'Explain how aliases work', {
    latest: build('docs', 8, 40 * MINUTE, {
      environment: 'preview',
      branch: 'fix/search-index',
      aliases: ['https://fix-search-index.docs.pages.dev'],
      commitMessage: 'Leave drafts out of the search index',
    }),
  }),
  one('events', 9, 2 * DAY, 'Announce the winter meeting', {
    nextPruneAt: null,
    pruned: false,
    next: null,
  }),
  one('brochure', 10, 31 * DAY, '', {
    live: build('brochure', 10, 31 * DAY, { trigger: 'ad_hoc', commitHash: '', commitMessage: '' }),
    latest: build('brochure', 10, 31 * DAY, { trigger: 'ad_hoc', commitHash: '', commitMessage: '' }),
    rebuilt: false,
    nextRebuildAt: null,
    builds: [],
    total: 6,
    next: 0,
  }),
  one('status', 12, 6 * HOUR, 'Show the last incident'),
];

/** Any number of projects. */
export function manyProjects(many: number): ProjectSummary[] {
  return Array.from({ length: many }, (_, index) => {
    const base = ACCOUNT[index % ACCOUNT.length] as ProjectSummary;
    const name = `${base.project.name}-${index + 1}`;
    return {
      ...one(name, index + 20, (index + 1) * 5 * HOUR, `Change number ${index + 1} of many`),
      failedSinceLive: base.failedSinceLive,
      rolledBack: base.rolledBack,
    };
  });
}

const MESSAGES = [
  'Explain how aliases work',
  'Leave drafts out of the search index',
  'Bump the number of workers for the link checker',
  'Write about preview deployments',
  'Correct the price of the yearly plan',
  'Make the table of contents stick while scrolling',
  'Translate the first chapter',
];
/** Its preview branches. */
export const BRANCHES = [
  'fix/search-index',
  'feat/new-nav',
  'renovate/all-minor',
  'content/pricing',
  'feat/dark-mode',
];

/** Deployments of `docs`, of every kind of status and verdict. */
export function deployments(many = 25): JudgedDeployment[] {
  return Array.from({ length: many }, (_, index) => {
    const production = index % 4 === 1;
    const branch = production ? 'main' : (BRANCHES[index % BRANCHES.length] as string);
    const age = 3 * MINUTE + index * 41 * HOUR;
    const base = build('docs', 40 + index, age, {
      environment: production ? 'production' : 'preview',
      branch,
      commitMessage: MESSAGES[index % MESSAGES.length] as string,
      trigger: index % 6 === 1 ? 'deploy_hook' : 'github:push',
      aliases:
        index > 0 && index < 6 && !production ? [`https://${branch.replace('/', '-')}.docs.pages.dev`] : [],
    });
    const place = {
      policy: 0,
      olderThanDays: 30,
      keepLatest: 5,
      rank: Math.ceil(index / 4),
      nextAt: NOW + 43 * MINUTE,
    };
    return { deployment: { ...base.deployment, ...kind(index) }, verdict: verdict(index, age), place };
  });
}

function kind(index: number): Partial<Deployment> {
  if (index === 0) return BUILDING;
  if (index === 3) return FAILED;
  if (index === 6)
    return {
      skipped: true,
      stage: 'queued',
      stageStatus: 'skipped',
      skipReason: 'path_config',
      finishedAt: null,
    };
  if (index === 10) return { stage: 'build', stageStatus: 'canceled' };
  if (index === 12) return { stage: 'queued', stageStatus: 'idle', finishedAt: null };
  return {};
}

function verdict(index: number, age: number): JudgedDeployment['verdict'] {
  const expiresAt = NOW - age + 30 * DAY;
  if (index === 0) return { action: 'keep', reason: 'in-progress', expiresAt: null };
  if (index === 1) return { action: 'keep', reason: 'live', expiresAt: null };
  if (index % 4 === 1 && index < 20) return { action: 'keep', reason: 'latest', expiresAt: null };
  return expiresAt > NOW
    ? { action: 'keep', reason: 'young', expiresAt }
    : { action: 'delete', reason: 'expired', expiresAt };
}
