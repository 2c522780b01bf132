// How a page stands at a glance: heading, title and colour follow the worst that is known, the Keeper's own trouble included.

import { describe, expect, it } from 'vitest';
import type { Health } from '../../src/report.ts';
import { sharePath } from '../../src/web/auth/share.ts';
import type { Site } from '../../src/web/site.ts';
import { type Answers, judged, NOW, project, run, statusPage, summary, WELL } from './fixtures.ts';

const OK = '%230b7a43';
const BAD = '%23c21a28';
const KEY = 'a key of thirty-two characters!!';
const PAGES = ['/', '/projects/docs', '/runs', '/runs/x'];

const ILL: readonly [NonNullable<Health['reason']>, string, string][] = [
  ['token', BAD, 'The API token was refused'],
  ['failing', BAD, 'The last runs failed'],
  ['stalled', BAD, 'The Keeper makes no progress'],
  ['overdue', BAD, 'Runs are overdue'],
  ['blocked', '%23a86400', "Cloudflare's API limit is used up"],
];

async function look(path: string, answers: Answers, change: Partial<Site> = {}) {
  const html = await statusPage(answers, change).text(path);
  const plain = (text = '') => text.replaceAll(/<[^>]*>/g, '').replaceAll('&#39;', "'");
  return {
    colour: /fill=&#39;(%23\w{6})/.exec(html)?.[1],
    title: plain(/<title>(.*?)<\/title>/.exec(html)?.[1]),
    heading: plain(/<h1>(.*?)<\/h1>/s.exec(html)?.[1]),
    text: plain(html.split('<main')[1]).replaceAll(/\s+/g, ' '),
  };
}

const everywhere = (health: Health): Answers => ({
  overview: { health },
  project: { health },
  runs: { health },
  run: { health },
});
const of = (...projects: ReturnType<typeof summary>[]): Answers => ({ overview: { projects } });

describe.each(ILL)('while /healthz says %s', (reason, colour, words) => {
  const health: Health = { ...WELL, ok: false, reason };

  it.each(PAGES)('%s is not green, and its title says so', async (path) => {
    expect((await look(path, {})).colour).toBe(OK);
    const { colour: seen, title } = await look(path, everywhere(health));
    expect(seen).toBe(colour);
    expect(title).not.toMatch(/^(All live|Ready|The last run went well|Done)/);
  });

  it('the heading of the overview and of the runs says it, and then what they would have said', async () => {
    for (const path of ['/', '/runs']) {
      const well = await look(path, {});
      const ill = await look(path, everywhere(health));
      expect(ill.heading).toBe(words);
      expect(ill.text).toContain(`${well.heading}.`);
    }
  });

  it('a site that is down comes before it', async () => {
    const down = summary({ failedSinceLive: 2 });
    const { heading, colour: seen } = await look('/', { overview: { health, projects: [down] } });
    expect([heading, seen]).toEqual(['docs is live, but outdated', BAD]);
  });

  it('a guest is not told, and sees no green either', async () => {
    const path = await sharePath(KEY, 'docs', '2027-01-01');
    const { colour: seen, title, text } = await look(path, everywhere(health), { shareKey: KEY });
    expect(seen).not.toBe(OK);
    expect(title).toBe('Ready: docs - Pages status');
    for (const said of [words, 'token', 'cron', 'The Keeper']) expect(text).not.toContain(said);
  });
});

it('what is under way has no expected end while the Keeper is not well', async () => {
  const progress = {
    runId: 'r',
    phase: 'deleting',
    done: 1,
    of: 9,
    parts: [],
    endsAt: NOW + 60_000,
  } as const;
  const health: Health = { ...WELL, ok: false, reason: 'stalled' };
  expect((await look('/', { overview: { progress } })).text).toContain('Expected to end');
  expect((await look('/', { overview: { progress, health } })).text).not.toContain('Expected to end');
});

it('starting is no trouble', async () => {
  const health: Health = { ...WELL, reason: 'starting', lastRunAt: null };
  expect((await look('/', everywhere(health))).colour).toBe(OK);
});

it('an API that does not answer takes the green away, though the Keeper is well', async () => {
  const trouble = { kind: 'unreachable', since: NOW, until: null, message: '' } as const;
  for (const path of ['/', '/projects/docs', '/runs']) {
    const { colour } = await look(path, { overview: { trouble }, project: { trouble }, runs: { trouble } });
    expect(colour).not.toBe(OK);
  }
});

describe('numbers in a sentence', () => {
  const building = { stage: 'build', stageStatus: 'active', finishedAt: null } as const;
  const failed = { stage: 'build', stageStatus: 'failure' } as const;
  const named = (name: string, change: Parameters<typeof summary>[0] = {}) =>
    summary({ project: project({ name }), ...change });
  const down = (name: string) => named(name, { live: null, latest: judged(failed) });
  const fresh = (name: string) => named(name, { live: null, latest: null, builds: [] });

  it.each([
    [[named('a'), down('b')], '1 of 2 projects is live', '1 not live', BAD],
    [[named('a'), named('b'), down('c')], '2 of 3 projects are live', '1 not live', BAD],
    [[named('a'), named('b')], 'All 2 projects are live', 'All live', OK],
    [[down('a'), down('b')], 'None of the 2 projects is live', '2 not live', BAD],
    [
      [named('a', { failedSinceLive: 1 }), named('b')],
      'All 2 projects are live, but a is outdated',
      '1 outdated',
      BAD,
    ],
    [[fresh('a')], 'a is not live yet', '1 not live yet', '%2356616e'],
    [[named('a'), fresh('b')], '1 of 2 projects is live', '1 not live yet', OK],
    [
      [named('a', { live: null, latest: judged(building) })],
      'a is not live yet',
      '1 building, 1 not live yet',
      '%23a86400',
    ],
  ] as const)('agree with it', async (projects, heading, title, colour) => {
    expect(await look('/', of(...projects))).toMatchObject({
      heading,
      title: `${title} - Pages status`,
      colour,
    });
  });

  it('a project without a build is calm on its own page too', async () => {
    const { colour, text } = await look('/projects/a', { project: { summary: fresh('a'), deployments: [] } });
    expect(colour).toBe('%2356616e');
    expect(text).toContain('Not live yet');
    expect(text).not.toContain('Nothing live');
  });
});

describe('what is not known yet is not said', () => {
  const none = { deleted: 0, gone: 0, refused: 0, failed: 0, remaining: 0 };

  it.each([
    ['failed', 'Nothing deleted'],
    ['partial', 'Nothing deleted'],
    ['superseded', 'Nothing deleted'],
    ['running', 'Nothing yet'],
    ['done', 'Nothing to delete'],
  ] as const)('a run that is %s and deleted nothing', async (outcome, words) => {
    const change = run({ outcome, counts: none, error: outcome === 'failed' ? 'api' : null });
    for (const dryRun of [false, true]) {
      const { text } = await look('/runs/x', { run: { run: { ...change, dryRun } } });
      if (outcome !== 'done') expect(text).toContain(words);
      expect(text.includes('Nothing to delete')).toBe(outcome === 'done' && !dryRun);
    }
  });

  it('before the first look no rule is said to prune nothing, and no plan is below', async () => {
    const unseen = { checkedAt: null, runs: [], plan: [] };
    const { text } = await look('/runs', { runs: unseen });
    expect(text).toContain('There is no plan yet: the account has not been looked at.');
    expect(text).not.toMatch(/No rule prunes|The plan below/);
  });

  it('after it, and before the first plan', async () => {
    const unplanned = summary({ next: null });
    const { text } = await look('/runs', { runs: { runs: [], plan: [unplanned] } });
    expect(text).not.toContain('The plan below');
    expect((await look('/runs', { runs: { runs: [] } })).text).toContain(
      'The plan below says what it would do.',
    );
    expect((await look('/runs', { runs: { plan: [] } })).text).toContain('No rule prunes a project.');
  });

  it.each([
    [[true, true], 'in 43 min: 2 rebuilds, 24 deletions', 'in all 24 of them to delete'],
    [
      [true, false],
      'in 43 min: 2 rebuilds, 12 deletions, not all is planned yet',
      '12 of them to delete, not all is planned yet',
    ],
    [[false, false], 'in 43 min: 2 rebuilds, not all is planned yet', 'not all is planned yet'],
  ])('what is not counted is not nothing: %j', async ([a, b], next, stored) => {
    const planned = (name: string, isPlanned = false) =>
      summary({ project: project({ name }), ...(isPlanned ? {} : { next: null }) });
    const { text } = await look('/', { overview: { projects: [planned('a', a), planned('b', b)] } });
    expect(text).toContain(next);
    expect(text).toContain(stored.replace('in all ', ''));
    expect(text).not.toContain('nothing to delete');
    expect(text).not.toContain('none of them');
  });

  it('a project that was not read yet is not among those whose deployments are counted', async () => {
    const unread = summary({ project: project({ name: 'b' }), total: null, next: null });
    expect((await look('/', { overview: { projects: [summary(), unread] } })).text).toContain(
      '143in 1 of 2 projects',
    );
    expect((await look('/', {})).text).not.toContain('of 1 project');
  });

  it('what a dry run would do is not counted with what is done', async () => {
    const of = (name: string, dryRun: boolean) => summary({ project: project({ name }), dryRun });
    const some = await look('/', { overview: { projects: [of('a', true), of('b', false)] } });
    expect(some.text).toContain('in 43 min: 1 rebuild, 12 deletions');
    expect(some.text).toContain('12 of them to delete');
    const all = await look('/', { overview: { projects: [of('a', true), of('b', true)] } });
    expect(all.text).toContain('in 43 min: 2 rebuilds, 24 deletions');
  });

  it('while the token is refused the next run is promised nothing', async () => {
    const { text } = await look('/', everywhere({ ...WELL, ok: false, reason: 'token' }));
    expect(text).toContain('in 43 min: waits for a valid token');
    expect(text).not.toContain('12 deletions');
  });
});

it.each([
  ['production', 1],
  ['preview', 0],
] as const)(
  'why production failed is in the log of a build of production: the newest failed one is of %s',
  async (environment, logs) => {
    const latest = judged({ environment, branch: 'main', stage: 'build', stageStatus: 'failure' });
    const behind = summary({ failedSinceLive: 2, latest });
    const html = await statusPage({ overview: { projects: [behind] } }).text('/');
    expect(html.match(/>Build log</g) ?? []).toHaveLength(logs);
  },
);

describe('of runs that were asked for', () => {
  it.each([
    ['/runs?day=2026-11-20', 'Runs of 20 Nov'],
    ['/runs?before=2026-11-20T10-00-x', 'Earlier runs'],
  ])('%s is neither the last one nor none', async (path, words) => {
    for (const runs of [[run({ outcome: 'done' })], [run({ outcome: 'failed' })], []]) {
      const { heading, title, colour } = await look(path, { runs: { runs } });
      expect([heading, title, colour]).toEqual([words, `${words} - Pages status`, '%2356616e']);
    }
  });

  it('one that a newer run took over has not gone well', async () => {
    const taken = run({ outcome: 'superseded' });
    expect(await look('/runs', { runs: { runs: [taken] } })).toMatchObject({
      heading: 'No run has ended yet',
    });
    const failed = run({ outcome: 'failed' });
    expect(await look('/runs', { runs: { runs: [taken, failed] } })).toMatchObject({
      heading: 'The last run failed',
    });
  });
});

describe('what a run left out', () => {
  const refusals = [
    {
      project: 'docs',
      what: 'rebuild',
      why: 'the rebuild was refused (POST /accounts/a1/x: HTTP 400, said)',
    },
    { project: 'blog', what: 'prune', why: 'the plan would delete the live deployment' },
  ] as const;
  const warnings = [
    { project: null, text: '2 rows came twice (GET /accounts/a1/x)' },
    { project: 'docs', text: 'an unknown status' },
  ];
  const partial = run({ outcome: 'partial', refusals, warnings });

  it.each(['/runs', '/runs/x'])('is told as what it was: %s', async (path) => {
    const { text } = await look(path, { runs: { runs: [partial] }, run: { run: partial } });
    expect(text).toContain('Rebuild of docs: the rebuild was refused');
    expect(text).toContain('blog was not pruned: the plan would delete the live deployment');
    expect(text).toContain('docs: an unknown status');
    expect(text).toContain('2 rows came twice');
    expect(text).not.toMatch(/docs was not pruned|Rebuild of blog|accounts|HTTP/);
  });

  it.each<[string, Partial<Site>, RequestInit]>([
    ['the public', {}, {}],
    [
      'who gave the password',
      { door: { mode: 'password', password: 'a password' } },
      { headers: { authorization: `Basic ${btoa('me:a password')}` } },
    ],
  ])('in JSON too, without what the API said, for %s', async (_, change, init) => {
    const json = await statusPage({ run: { run: partial } }, change).json('/runs/x.json', init);
    expect(json.refusals).toEqual([
      { project: 'docs', what: 'rebuild', why: 'the rebuild was refused' },
      { project: 'blog', what: 'prune', why: 'the plan would delete the live deployment' },
    ]);
    expect(JSON.stringify(json)).not.toContain('accounts');
  });
});
