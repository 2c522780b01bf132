// What a run of a large account lists: the first of it where runs are listed, with how many there are; all of it on its pages.

import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/report.ts';
import { run, runPage, runsPage, statusPage } from './fixtures.ts';

const named = (name: string, many: number) => Array.from({ length: many }, (_, at) => `${name}-${at}`);

/** As the Keeper gives it: the first of each list, and how many there are in all. */
const LONG: RunRecord = run({
  counts: { deleted: 0, gone: 0, refused: 0, failed: 0, remaining: 0 },
  skips: named('old', 20).map((project) => ({ project, reason: 'fresh' })),
  refusals: named('left', 20).map((project) => ({ project, what: 'prune', why: 'nobody knows' })),
  rebuilds: named('new', 20).map((project) => ({
    project,
    branch: 'main',
    deploymentId: null,
    status: 'ready',
  })),
  listed: { rebuilds: 52, started: 45, refusals: 230, warnings: 0, skips: { fresh: 998, building: 2 } },
});

describe('where runs are listed', () => {
  it('people read how many there are in all', async () => {
    const html = await statusPage({ runs: runsPage({ runs: [LONG] }) }).text('/runs');
    expect(html).toContain('Rebuilds started: new-0, new-1, new-2 and 42 more');
    expect(html).toContain('Not rebuilt: old-0, old-1, old-2 and 995 more');
  });

  it('programs as well', async () => {
    const answer = await statusPage({ runs: runsPage({ runs: [LONG] }) }).json('/runs.json');
    const [one] = answer.runs as Record<'listed' | 'rebuilds' | 'skips' | 'refusals', unknown[]>[];
    expect(one?.listed).toEqual({ rebuilds: 52, skips: 1_000, refusals: 230 });
    expect([one?.rebuilds.length, one?.skips.length, one?.refusals.length]).toEqual([20, 20, 20]);
  });
});

it.each([
  [1, '1 more entry of this run could not be listed'],
  [600, '600 more entries of this run could not be listed'],
])('what could not even be listed is counted: %s', async (unlisted, words) => {
  const page = statusPage({
    runs: runsPage({ runs: [{ ...LONG, unlisted }] }),
    run: runPage({ run: { ...LONG, unlisted } }),
  });
  for (const path of ['/runs', `/runs/${LONG.id}`]) expect(await page.text(path)).toContain(words);
});

it('its own page counts the warnings that it lists', async () => {
  const warnings = [1, 2].map((at) => ({ project: null, text: `something ${at}` }));
  const of = (some: typeof warnings) =>
    statusPage({ run: runPage({ run: run({ warnings: some }) }) }).text('/runs/x');
  expect(await of(warnings)).toContain('<b>2 warnings</b>');
  expect(await of(warnings.slice(0, 1))).toContain('<b>1 warning</b>');
});

describe('its own page', () => {
  const last = runPage({
    run: { ...LONG, rebuilds: [], refusals: LONG.refusals.slice(0, 3) },
    ...{ deletions: [], page: 2, pages: 3, total: 0 },
  });

  it('names everything that stands on it, and leads to the others', async () => {
    const html = await statusPage({ run: last }).text('/runs/x?page=2');
    for (const name of named('old', 20)) expect(html).toContain(name);
    expect(html).toContain('and 978 more');
    expect(html.match(/nobody knows/g)).toHaveLength(3);
    expect(html).toContain('Page 2 of 3');
    expect(html).toMatch(/rel="prev" href="[^"]*\?page=1"/);
    expect(html).toMatch(/rel="next" href="[^"]*\?page=3"/);
    // Some were started: their page is another one.
    expect(html).not.toContain('>None<');
  });

  it('does not say that nothing was deleted where that stands on earlier pages', async () => {
    const html = await statusPage({ run: { ...last, total: 120 } }).text('/runs/x?page=2');
    expect(html).toContain('On earlier pages.');
    expect(await statusPage({ run: last }).text('/runs/x?page=2')).not.toContain('On earlier pages.');
  });
});
