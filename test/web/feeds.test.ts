// Badge and feeds: the same model in other forms. That they are well-formed XML is asked of a browser, in test/e2e.

import { describe, expect, it } from 'vitest';
import { DAY, judged, NOW, project, run, statusPage, summary, WELL } from './fixtures.ts';

const failed = { stage: 'build', stageStatus: 'failure' } as const;
const building = { stage: 'build', stageStatus: 'active', finishedAt: null } as const;
const ids = (atom: string) => [...atom.matchAll(/<id>([^<]*)<\/id>/g)].map((match) => match[1]);

describe('the badge', () => {
  it.each([
    ['docs: ready', {}],
    ['docs: building', { latest: judged(building) }],
    ['docs: failed', { latest: judged(failed), failedSinceLive: 1 }],
    ['docs: not built', { live: null, latest: null }],
  ])('says %s', async (words, change) => {
    const svg = await statusPage({ project: { summary: summary(change) } }).text('/projects/docs/badge.svg');
    expect(svg).toContain(`aria-label="${words}"`);
    expect(svg).toContain(`<title>${words}</title>`);
  });
});

it.each([
  ['ready', {}, '#0b7a43', '#56616e'],
  ['failed', { latest: judged(failed), failedSinceLive: 1 }, '#b3121f', '#b3121f'],
])(
  'while the Keeper is not well no badge is green, and none looks better: %s',
  async (word, change, well, ill) => {
    const answers = { project: { summary: summary(change) } };
    const path = '/projects/docs/badge.svg';
    const health = { ...WELL, ok: false, reason: 'token' } as const;
    for (const [fill, svg] of [
      [well, await statusPage(answers).text(path)],
      [ill, await statusPage({ ...answers, health }).text(path)],
    ] as const) {
      expect(svg).toContain(`docs: ${word}`);
      expect(/height="20" fill="(#\w{6})"\/>\n<\/g>/.exec(svg)?.[1]).toBe(fill);
    }
  },
);

describe('the badge of nothing', () => {
  it.each([
    ['an unknown project', {}, '/projects/nobody/badge.svg'],
    ['before the first look', { overview: { checkedAt: null, projects: [] } }, '/projects/docs/badge.svg'],
    ['a name that is none', {}, `/projects/${'x'.repeat(2_000)}/badge.svg`],
  ] as const)('is a grey picture all the same, and names nothing: %s', async (_, answers, path) => {
    const response = await statusPage({ ...answers, project: null }).get(path);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      200,
      'image/svg+xml; charset=utf-8',
    ]);
    expect(response.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
    const svg = await response.text();
    expect(svg).toContain('<title>project: unknown</title>');
    expect(svg).not.toMatch(/#0b7a43|#b3121f|nobody|docs|xxx/);
  });
});

describe('letters of a badge', () => {
  const widths = async (name: string) => {
    const change = { summary: summary({ project: project({ name }) }) };
    const svg = await statusPage({ project: change }).text('/projects/x/badge.svg');
    expect(svg).not.toContain('spacingAndGlyphs');
    return [...svg.matchAll(/textLength="([\d.]+)"/g)].map(([, width]) => Number(width));
  };

  it('keep their form: room is given by letter', async () => {
    const [narrow = 0] = await widths('illicit-til');
    const [wide = 0] = await widths('mammoth-www');
    expect('illicit-til'.length).toBe('mammoth-www'.length);
    expect(wide).toBeGreaterThan(narrow * 1.7);
  });
});

describe('the feed of a project', () => {
  it('has one entry for each finished build, newest first', async () => {
    const uuid = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
    const deployments = [
      judged({ id: uuid(1), ...building }),
      judged({ id: uuid(2), finishedAt: NOW - DAY }),
      judged({ id: uuid(3), finishedAt: NOW - 1_000, ...failed }),
      judged({ id: '' }),
    ];
    const atom = await statusPage({ project: { deployments } }).text('/projects/docs/feed.atom');
    expect(ids(atom)).toEqual([
      'https://status.test/projects/docs/feed.atom',
      `urn:uuid:${uuid(3)}`,
      `urn:uuid:${uuid(2)}`,
    ]);
    expect(atom).toContain('<title>docs, main: Failed</title>');
    expect(atom).toContain('<updated>2026-11-24T13:17:29.000Z</updated>');
    expect(atom).toContain(
      '<link rel="self" type="application/atom+xml" href="https://status.test/projects/docs/feed.atom"/>',
    );
  });

  it('is empty before the first build', async () => {
    const atom = await statusPage({ project: { deployments: [] } }).text('/projects/docs/feed.atom');
    expect(ids(atom)).toHaveLength(1);
  });
});

describe('the feed of the account', () => {
  it('holds newest and live builds once each, and the runs that pruned or failed', async () => {
    const { counts } = run();
    const runs = [
      run({ id: 'pruned' }),
      run({ id: 'idle', counts: { ...counts, deleted: 0, gone: 0 } }),
      run({ id: 'failed', counts: { ...counts, deleted: 0, gone: 0 }, error: 'token', outcome: 'failed' }),
      run({ id: 'running', finishedAt: null }),
    ];
    const atom = await statusPage({ overview: { runs } }).text('/feed.atom');
    expect(ids(atom)).toEqual([
      'https://status.test/feed.atom',
      'tag:pages-keeper,2026:run:pruned',
      'tag:pages-keeper,2026:run:failed',
      'urn:uuid:1a2b3c4d-0000-4000-8000-000000000001',
    ]);
    expect(atom).toContain('<title>Pruned: 12 deployments</title>');
    expect(atom).toContain('<title>Run failed: token</title>');
  });
});
