// Rows of deployments: links that lead somewhere, a way on from a build that failed, and texts that stay in their place.

import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import { sharePath } from '../../src/web/auth/share.ts';
import { type Answers, deletion, judged, NOW, statusPage, summary } from './fixtures.ts';
import { read } from './read.ts';

const EXACT = 'https://1a2b3c4d.docs-7xk.pages.dev';
const KEY = 'a key of thirty-two characters!!';
const ID = '1a2b3c4d-0000-4000-8000-000000000001';
const SHARED = await sharePath(KEY, 'docs', '2027-01-01');

const STATUSES: readonly [string, Partial<Deployment>, boolean][] = [
  ['ready', {}, true],
  ['unknown', { stage: 'build', stageStatus: 'paused' }, true],
  ['failed', { stage: 'build', stageStatus: 'failure' }, false],
  ['canceled', { stage: 'build', stageStatus: 'canceled' }, false],
  ['skipped', { skipped: true, stage: 'queued', stageStatus: 'skipped' }, false],
  ['building', { stage: 'build', stageStatus: 'active', createdAt: NOW }, false],
  ['queued', { stage: 'queued', stageStatus: 'active', createdAt: NOW }, false],
  ['not-built', { stage: 'queued', stageStatus: 'idle' }, false],
];

const hrefs = (html: string) =>
  [...(html.split('<main')[1] ?? '').matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);

describe.each(STATUSES)('a build that is %s', (status, change, isThere) => {
  const preview = judged({ environment: 'preview', branch: 'feat/x', url: EXACT, ...change });
  const answers = { project: { summary: summary({ live: null, latest: preview }), deployments: [preview] } };

  it(`is ${isThere ? '' : 'not '}linked, nor is its branch to another one's build`, async () => {
    const links = hrefs(await statusPage(answers).text('/projects/docs'));
    expect(links.some((href) => href.startsWith(EXACT))).toBe(isThere);
    if (!isThere) expect(links.filter((href) => href.includes('feat-x.'))).toEqual([]);
    const inOverview = { overview: { projects: [answers.project.summary] } };
    expect(hrefs(await statusPage(inOverview).text('/')).some((href) => href.startsWith(EXACT))).toBe(false);
  });

  it(`has ${status === 'failed' ? 'a' : 'no'} way to its log, which a guest is not shown`, async () => {
    const log = `https://dash.cloudflare.com/?to=/:account/pages/view/docs/${ID}`;
    expect(hrefs(await statusPage(answers).text('/projects/docs')).includes(log)).toBe(status === 'failed');
    const path = await sharePath(KEY, 'docs', '2027-01-01');
    expect(await statusPage(answers, { shareKey: KEY }).text(path)).not.toContain('dash.cloudflare.com');
  });

  it(`has ${status === 'failed' ? 'a' : 'no'} way to its log from its own row, in a project that is well`, async () => {
    const well = { project: { summary: summary({ latest: preview }), deployments: [preview] } };
    const html = await statusPage(well).text('/projects/docs');
    const row = html.split('<tbody')[1]?.split('</tbody>')[0] ?? '';
    expect(row).toContain('feat/x');
    expect(row.includes('>Build log</a>')).toBe(status === 'failed');
  });

  it(`its branch ${status === 'ready' ? 'has' : 'has not'} a link of its own, for programs and on its own page`, async () => {
    const own = { ...answers, deployment: { summary: summary(), deployment: preview } };
    const link = 'https://feat-x.docs-7xk.pages.dev';
    const branches = { ...own, project: { ...own.project, branches: ['main', 'feat/x'] } };
    const { deployments } = await statusPage(branches).json('/projects/docs.json');
    expect(deployments).toMatchObject([{ branchUrl: status === 'ready' ? link : null }]);
    if (status !== 'ready')
      expect(await statusPage(own).text(`/projects/docs/deployments/${ID}`)).not.toContain(link);
  });

  it('its entry in the feed leads where something is', async () => {
    const atom = await statusPage(answers).text('/projects/docs/feed.atom');
    if (!isThere) expect(atom).not.toContain(EXACT);
    if (status === 'failed') expect(atom).toContain('<link href="https://status.test/projects/docs"/>');
  });
});

describe('a text from outside that runs from right to left', () => {
  const RTL = 'ענף-חדש';
  const item = judged({
    environment: 'preview',
    branch: RTL,
    commitMessage: `${RTL} הודעה`,
    skipped: true,
    stage: 'queued',
    stageStatus: 'skipped',
    skipReason: `${RTL} סיבה`,
  });
  const paused = { branch: RTL, commit: 'abcdef0', failures: 3, at: NOW } as never;
  const whole = summary({ latest: item, live: item, paused, nextRebuildAt: NOW });
  const answers = {
    overview: { projects: [whole], warnings: [RTL] },
    project: { summary: whole, deployments: [item], branches: ['main', RTL] },
    runs: { warnings: [RTL] },
    run: { deletions: [deletion({ branch: RTL })] },
    deployment: { summary: whole, deployment: item },
    found: {
      branches: [{ project: 'docs', branch: RTL, environment: 'preview', newestAt: NOW }],
      deployments: [{ project: whole.project, judged: item }],
      gone: [{ run: 'x', deletion: deletion({ branch: RTL }) }],
    },
    branchBuild: { project: whole.project, deployment: item.deployment },
  } satisfies Answers;
  const gone = {
    ...answers,
    deployment: { summary: whole, deployment: null, gone: answers.found.gone[0] ?? null },
  };

  it.each([
    '/',
    '/projects/docs',
    `/projects/docs?branch=${encodeURIComponent(RTL)}`,
    `/projects/docs?branch=${encodeURIComponent(RTL)}&page=9`,
    '/runs',
    '/runs/x',
    `/projects/docs/deployments/${ID}`,
    `/find?q=${encodeURIComponent(RTL)}`,
    `/go/docs/${encodeURIComponent(RTL)}`,
    SHARED,
  ])('turns nothing that stands beside it: %s', async (path) => {
    for (const [all, deployments] of [
      [answers, [item]],
      [gone, []],
    ] as const) {
      const page = statusPage({ ...all, project: { ...all.project, deployments } }, { shareKey: KEY });
      const text = (await page.text(path)).split('<main')[1] ?? '';
      expect(text).toContain(RTL);
      const apart = text
        .replaceAll(/<bdi>[^<]*<\/bdi>/g, '')
        // Read aloud, in which nothing stands beside anything.
        .replaceAll(/(?:href|aria-label)="[^"]*"/g, '');
      expect(apart).not.toMatch(/[\u0590-\u05ff]/);
    }
  });
});

it.each([
  [20, null],
  [21, 'and 1 more'],
  [500, 'and 480 more'],
])('of %s addresses twenty are shown, and the others counted', async (many, more) => {
  const domains = Array.from({ length: many }, (_, at) => `www-${at}.example.com`);
  const shown = summary({ project: { ...summary().project, domains } });
  const text = await read('/projects/docs', { project: { summary: shown } });
  expect(text.match(/www-\d+\.example\.com/g)?.length).toBeGreaterThanOrEqual(20);
  expect(/and [\d,]+ mores?\b/.exec(text)?.[0] ?? null).toBe(more);
});

it('it is said over how many it looked where a filter did not look through all', async () => {
  const words = async (looked: number | null) =>
    (await read('/projects/docs?branch=main', { project: { looked } })).includes(
      'Looked through the newest 200,000.',
    );
  expect([await words(200_000), await words(null)]).toEqual([true, false]);
});

it.each([
  ['/', 1],
  ['/projects/docs', 2],
  ['/projects/docs?env=preview&status=canceled&branch=main&page=2', 3],
  ['/runs', 1],
  ['/runs/x', 1],
  [SHARED, 1],
])('no two links of one navigation have one name and lead to different places: %s', async (path, many) => {
  const html = await statusPage({ project: { pages: 3, page: 2 } }, { shareKey: KEY }).text(path);
  const navigations = html.match(/<nav[\s\S]*?<\/nav>/g) ?? [];
  expect(navigations.length).toBeGreaterThanOrEqual(many);
  for (const navigation of navigations) {
    const names = [...navigation.matchAll(/<a [^>]*>([\s\S]*?)<\/a>/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});

it('a row of the overview is few stops on the way by keyboard', async () => {
  const row = (await statusPage().text('/')).split('<tbody')[1]?.split('</tbody>')[0] ?? '';
  const stops = row.match(/<(?:a|summary|button)\b/g) ?? [];
  // Its page.
  expect(stops).toHaveLength(1);
});
