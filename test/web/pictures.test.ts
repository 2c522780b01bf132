// The pictures: the last builds, the run under way, when what is here goes. Each says in words what it shows.

import { describe, expect, it } from 'vitest';
import { BUILDS, NOW, statusPage, summary } from './fixtures.ts';
import { read } from './read.ts';

describe('the last builds', () => {
  it('are told of production and of previews, each with its picture', async () => {
    const preview = [...BUILDS, { at: NOW, took: 9_000, ok: true }];
    const html = await statusPage({ project: { builds: { production: BUILDS, preview } } }).text(
      '/projects/docs',
    );
    expect(html.match(/<svg class="sp" aria-hidden="true" viewBox="0 0 200 24">/g)).toHaveLength(2);
    // The one that failed reaches the top, in a shape of its own.
    expect(html).toContain('<path class="e" d="M5 0h5v24h-5z"/>');
    const answers = { project: { builds: { production: BUILDS, preview } } };
    expect(await read('/projects/docs', answers)).toMatch(
      /Last builds Production: 2 of 3 succeeded, typically in 1 min 40 s +Previews: 3 of 4 succeeded, typically in 1 min 40 s/,
    );
  });

  it('are of one environment where there are none of the other, and nothing where there are none', async () => {
    expect(await read('/projects/docs')).not.toContain('Previews:');
    const builds = { production: [], preview: [] };
    expect(await read('/projects/docs', { project: { builds } })).not.toContain('Last builds');
  });
});

describe('builds of the month', () => {
  const see = (builds: number, included: number, now = NOW) =>
    read('/', { overview: { month: { builds, included } } }, { now: () => now });

  it('stand against what the plan includes, with the end that this rate comes to', async () => {
    // Of November 23.55 days of 30 are over.
    expect(await see(314, 500)).toContain(
      'Builds this month, at least 314 of 500 About 400 by its end, at this rate',
    );
    const html = await statusPage({ overview: { month: { builds: 314, included: 500 } } }).text('/');
    expect(html).toContain('<path class="on" d="M0 0h628v20H0z"/>');
    const over = await statusPage({ overview: { month: { builds: 900, included: 500 } } }).text('/');
    expect(over).toContain('<path class="on" d="M0 0h1000v20H0z"/>');
  });

  it('foretell nothing in the first three days, and are no picture of nothing', async () => {
    expect(await see(9, 500, Date.UTC(2026, 10, 3, 23))).not.toContain('at this rate');
    expect(await see(9, 500, Date.UTC(2026, 10, 4))).toContain('About 90 by its end');
    expect(await see(0, 500)).not.toContain('Builds this month');
  });
});

describe('the run under way', () => {
  const progress = { runId: 'r', phase: 'deleting', done: 50, of: 200, endsAt: null } as const;
  const part = (name: string, done: number, of: number) => ({ project: name, done, of });

  it('is one bar, split by project, and the same in words', async () => {
    const parts = [part('blog', 20, 100), part('docs', 5, 50)];
    const answers = { runs: { progress: { ...progress, parts } } };
    expect(await read('/runs', answers)).toContain(
      'Deleting deployments: 50 of 200 blog: 20 of 100, docs: 5 of 50 To stop it',
    );
    const html = await statusPage(answers).text('/runs');
    // 25 were deleted in projects that are done.
    expect(html).toContain('<path class="on" d="M0 0h125v20H0zM125 0h100v20H125zM625 0h25v20H625z"/>');
    expect(html).toContain('<path class="g" d="M125 0v20M625 0v20M875 0v20"/>');
  });

  it('is told by a project beside when it is pruned next, and in the plan of all', async () => {
    const running = summary({ next: 3, left: 1_204 });
    const text = await read('/projects/docs', { project: { summary: running } });
    expect(text).toContain(
      'Next pruning 14:00 UTC 15:00 in Berlin in 43 min 3 to delete Now: 1,204 left to delete',
    );
    expect(await read('/projects/docs')).not.toContain('Now:');
    expect(await read('/runs', { runs: { plan: [running] } })).toMatch(/docs 3 of 143 14:00 1,204/);
  });

  it('names five projects at most, and is a plain bar where there is one', async () => {
    const text = (many: number) => {
      const parts = Array.from({ length: many }, (_, index) => part(`site-${index}`, 0, 20));
      return read('/runs', { runs: { progress: { ...progress, parts } } });
    };
    for (const many of [6, 7]) expect(await text(many)).toContain('site-4: 0 of 20, and others To stop');
    expect(await text(5)).toContain('site-4: 0 of 20 To stop');
    expect(text).not.toContain('site-5');
    const one = await statusPage({
      runs: { progress: { ...progress, parts: [part('docs', 50, 200)] } },
    }).text('/runs');
    expect(one).toContain('<progress max="200" value="50"');
    expect(one).not.toContain('class="fc');
  });
});

describe('when what is here goes', () => {
  const days = Array.from({ length: 30 }, (_, index) => (index === 9 ? 20 : index % 3));

  it('is a bar a day, and the same in words', async () => {
    const answers = { project: { forecast: { days, looked: null } } };
    expect(await read('/projects/docs', answers)).toContain(
      'When what is here goes 50 deployments in 30 days if nothing is built, most on 3 Dec: 20. today 23 Dec',
    );
    const html = await statusPage(answers).text('/projects/docs');
    const picture = /<svg class="sp fd".*?<\/svg>/.exec(html)?.[0] ?? '';
    const heights = [...picture.matchAll(/V(\d+)h5/g)].map(([, top]) => 24 - Number(top));
    expect(heights.map((height) => (height * 20) / 24)).toEqual(
      days.map((day) => (Math.ceil((day * 24) / 20) * 20) / 24),
    );
  });

  it('says so where it did not look at all of them', async () => {
    const text = await read('/projects/docs', { project: { forecast: { days, looked: 5_000 } } });
    expect(text).toContain('3 Dec: 20. Of the newest 5,000.');
  });

  it.each([null, { days: days.map(() => 0), looked: null }])('is no picture of nothing', async (forecast) => {
    expect(await read('/projects/docs', { project: { forecast } })).not.toContain('When what');
  });
});
