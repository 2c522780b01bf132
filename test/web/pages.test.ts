// What the pages say: the sentence, the notices, the states. As text, markup taken out, the way people read it.

import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/policy/verdict.ts';
import type { JudgedDeployment, Trouble } from '../../src/report.ts';
import { type Answers, DAY, deletion, judged, MINUTE, NOW, run, statusPage, summary } from './fixtures.ts';
import { read } from './read.ts';

const title = async (answers: Answers) =>
  /<title>(.*)<\/title>/.exec(await statusPage(answers).text('/'))?.[1];

const of = (...projects: ReturnType<typeof summary>[]): Answers => ({ overview: { projects } });
const failed = { stage: 'build', stageStatus: 'failure' } as const;
const building = {
  stage: 'build',
  stageStatus: 'active',
  finishedAt: null,
  createdAt: NOW - 2 * MINUTE,
} as const;

describe('the overview', () => {
  it('answers first, then what comes next and a line a project', async () => {
    const text = await read('/', of(summary()));
    for (const words of [
      'docs is live',
      'Next run 14:00 UTC 15:00 in Berlin in 43 min: 1 rebuild, 12 deletions',
      'Last run 13:00 UTC Done Deleted 12 deployments, 1 already gone',
      'Stored deployments 143 12 of them to delete',
      'Times are UTC; it is 13:17 UTC, 14:17 in Berlin.',
      'docs Live Explain how aliases work 12:17 14:00 12 143',
    ])
      expect(text).toContain(words);
    expect(await statusPage(of(summary())).text('/')).toContain(
      'aria-label="2 of 3 succeeded, typically in 1 min 40 s"',
    );
  });

  it('says nothing of a zone that is not known, is none, or has the time of UTC', async () => {
    for (const timeZone of [null, 'UTC', 'Etc/GMT-3', 'Nowhere/Land', 'Europe/London']) {
      const text = await read('/', of(summary()), { timeZone });
      expect(text).toContain('Times are UTC. ');
      expect(text).toContain('Next run 14:00 UTC in 43 min');
    }
  });

  it('names what needs attention in a notice of its own, with what can be done about it', async () => {
    const broken = summary({ failedSinceLive: 3, latest: judged(failed) });
    const text = await read('/', of(broken));
    expect(text).toContain(
      'docs: the newest 3 production builds failed Live is “Explain how aliases work”, built 12:17 UTC (13:17 in Berlin), 1 h ago. See the builds Build log',
    );
    const html = await statusPage(of(broken)).text('/');
    expect(html).toContain('href="/projects/docs?status=failed" aria-label="See the builds: docs"');
    expect(await read('/', of(summary()))).not.toContain('See the builds');
  });

  it('has three such notices at most: the others are the first rows', async () => {
    const many = Array.from({ length: 9 }, () => summary({ failedSinceLive: 1 }));
    expect((await read('/', of(...many))).match(/See the builds/g)).toHaveLength(3);
  });

  it('carries the state in title and favicon', async () => {
    expect(await title(of(summary()))).toBe('All live - Pages status');
    const bad = of(summary({ failedSinceLive: 1 }), summary({ latest: judged(building) }));
    expect(await title(bad)).toBe('1 building, 1 outdated - Pages status');
    expect(await read('/', bad)).toContain('1 build is under way: ');
    const busy = of(summary({ latest: judged(building) }), summary({ latest: judged(building) }));
    expect(await read('/', busy)).toContain('2 builds are under way: ');
    const icons = [
      of(summary()),
      of(summary({ failedSinceLive: 1 })),
      of(summary({ latest: judged(building) })),
    ].map(async (answers) => /rel="icon" href="([^"]*)"/.exec(await statusPage(answers).text('/'))?.[1]);
    expect(new Set(await Promise.all(icons)).size).toBe(3);
  });

  it('says that production is outdated, and rolled back', async () => {
    expect(await read('/', of(summary({ failedSinceLive: 3 })))).toContain('docs Outdated Explain');
    expect(await read('/', of(summary({ rolledBack: true })))).toContain('docs Rolled back Explain');
    expect(await read('/projects/docs', { project: { summary: summary({ rolledBack: true }) } })).toContain(
      'The newest good production build is not the live one.',
    );
  });

  it('says that no build was started of what Git has, first of all', async () => {
    const git = { head: 'abc1234'.padEnd(40, '0'), checkedAt: NOW, behindSince: NOW - 90 * MINUTE };
    const behind = of(summary({ git }));
    const text = await read('/', behind);
    expect(text).toContain('docs is live, but outdated');
    expect(text).toContain('docs: no build was started of the newest commit');
    expect(text).toContain(
      'Git has abc1234 on its production branch, without a build since 11:47 UTC at the latest.',
    );
    expect(await title(behind)).toBe('1 outdated - Pages status');
    expect(await read('/projects/docs', { project: { summary: summary({ git }) } })).toContain(
      'no build was started of the newest commit',
    );
    const well = { ...git, behindSince: null };
    expect(await title(of(summary({ git: well })))).toBe('All live - Pages status');
    expect(await read('/', of(summary({ git: well })))).not.toContain('abc1234');
  });

  it('speaks of old data in its own time', async () => {
    const text = await read('/', { overview: { checkedAt: NOW - 50 * MINUTE } });
    expect(text).toContain('docs is live as of 12:27 UTC');
    expect(text).toContain('As of 12:27 UTC (50 min ago) Refreshing; reload in a few seconds. Reload');
  });
});

describe('states', () => {
  it('no project at all', async () => {
    const text = await read('/', { overview: { projects: [], accountProjects: 0 } });
    expect(text).toContain('There are no Pages projects in this account yet.');
  });

  it('nothing configured', async () => {
    const text = await read('/', { overview: { projects: [], accountProjects: 30, runs: [], days: [] } });
    expect(text).toContain(
      'This account has 30 projects; none is rebuilt, pruned or shown. Add the first [[vars.RULES]]',
    );
  });

  it('projects at work, none of them shown', async () => {
    const text = await read('/', { overview: { projects: [], accountProjects: 30 } });
    expect(text).toContain('This account has 30 projects; none is shown.');
  });

  it('the first read', async () => {
    const reading = { read: 1_200, of: 4_000 };
    const progress = {
      runId: 'r',
      phase: 'reading',
      done: 1_200,
      of: 4_000,
      parts: [],
      endsAt: NOW + 2 * MINUTE,
    } as const;
    const answers = {
      overview: { projects: [summary({ reading })], progress },
      runs: { plan: [summary({ reading })] },
    };
    expect(await read('/', answers)).toContain('Reading deployments: 1,200 of 4,000');
    expect(await read('/', answers)).toContain('Expected to end at 13:19 UTC (14:19 in Berlin), in 2 min.');
    expect(await read('/runs', answers)).toContain('Reading deployments: 1,200 of 4,000');
  });

  it.each(['/', '/projects/docs', '/runs', '/runs/x', '/nowhere'])('simulated: %s says so', async (path) => {
    const banner = 'Simulated account. Nothing of yours is touched.';
    expect(await read(path, {}, { simulated: true })).toContain(banner);
    expect(await read(path)).not.toContain(banner);
  });

  it('simulated: nobody is told a time zone, for the local runtime knows none', async () => {
    const zone = /in Berlin/;
    expect(await read('/', of(summary()))).toMatch(zone);
    expect(await read('/', of(summary()), { simulated: true })).not.toMatch(zone);
  });

  it('dry run, of all and of some', async () => {
    const dry = summary({ dryRun: true });
    const all = 'DRY_RUN is on: nothing is deleted or rebuilt; this is the plan.';
    expect(await read('/', of(dry))).toContain(all);
    expect(await read('/projects/docs', { project: { summary: dry } })).toContain(all);
    expect(await read('/', of(dry, summary()))).toContain('Dry run for docs: nothing of theirs');
    expect(await read('/', of(summary()))).not.toContain('ry run');
  });

  it('the project: no deployments, none that match, no such page', async () => {
    const none = { deployments: [], matching: 0 };
    const empty = { project: { ...none, summary: summary({ live: null, latest: null, builds: [] }) } };
    expect(await read('/projects/docs', empty)).toContain('No deployments yet. The first push builds one.');
    expect(await read('/projects/docs?branch=gone&env=preview&status=failed', { project: none })).toContain(
      'No deployments match: preview, failed, branch gone. Show all',
    );
    expect(await read('/projects/docs?page=9', { project: none })).toContain(
      'There is no page 9. First page',
    );
  });

  it('no run yet', async () => {
    expect(await read('/runs', { runs: { runs: [] } })).toContain('No run yet');
  });
});

const trouble = (kind: Trouble['kind'], until: number | null = null): Trouble => ({
  kind,
  since: NOW - 2 * MINUTE,
  until,
  message: 'GET /x: 403, code 10000',
});

describe('trouble, dated, over the last known data, with what to do', () => {
  it.each([
    ['token', null, 'The API token was refused at 13:15 UTC', 'npx wrangler secret put CLOUDFLARE_API_TOKEN'],
    [
      'blocked',
      NOW + 5 * MINUTE,
      "Cloudflare's API limit is used up until 13:22 UTC",
      'wait until then and continue by themselves',
    ],
    [
      'unreachable',
      null,
      "Cloudflare's API did not answer at 13:15 UTC",
      'It is tried again when somebody looks, and at the next run.',
    ],
    ['rows', null, "Today's storage budget is used up", 'Deletions wait until 00:00 UTC'],
  ] as const)('%s', async (kind, until, what, todo) => {
    const change = { trouble: trouble(kind, until), checkedAt: NOW - 10 * MINUTE };
    const answers = { overview: change, project: change, runs: change };
    for (const path of ['/', '/projects/docs', '/runs']) {
      const text = await read(path, answers);
      expect(text).toContain(what);
      expect(text).toContain(todo);
      expect(text).toContain('docs');
      expect(text).not.toContain('10000');
    }
    if (kind !== 'rows') expect(await read('/', answers)).toContain('13:07 UTC (10 min ago)');
  });

  it('before any data, 503 with the same words', async () => {
    const { get } = statusPage({ overview: { trouble: trouble('token'), checkedAt: null, projects: [] } });
    const response = await get('/');
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npx wrangler secret put CLOUDFLARE_API_TOKEN');
  });
});

describe('the page of a project', () => {
  it('opens with what is live, then the deployments with all their links', async () => {
    const preview = judged(
      {
        environment: 'preview',
        branch: 'feat/x',
        aliases: ['https://feat-x.docs-7xk.pages.dev'],
        commitDirty: true,
      },
      { action: 'delete', reason: 'expired', expiresAt: NOW - DAY },
    );
    const html = await statusPage({ project: { deployments: [preview] } }).text('/projects/docs');
    for (const link of [
      'href="/projects/docs/deployments/1a2b3c4d-0000-4000-8000-000000000001"><span class="nm"><bdi>feat/x<',
      'href="https://1a2b3c4d.docs-7xk.pages.dev" aria-label="Open: feat/x 1a2b3c4d">Open<',
      'href="https://github.com/example-org/docs/commit/0123456789abcdef">0123456<',
    ])
      expect(html).toContain(link);
    const text = await read('/projects/docs', { project: { deployments: [preview] } });
    expect(text.indexOf('Live Explain how aliases work')).toBeLessThan(text.indexOf('feat/x'));
    for (const words of [
      'main 0123456 , built 12:17 UTC (13:17 in Berlin), 1 h ago Open docs.example.com',
      'Ready feat/x Explain how aliases work (with uncommitted changes) 0123456 12:17 goes at 14:00 Open',
      'Newest build Ready main built in 1 min 47 s 12:17 UTC, 1 h ago',
      'Next pruning 14:00 UTC 15:00 in Berlin in 43 min 12 to delete 143 deployments stored',
    ])
      expect(text).toContain(words);
  });

  it('filters and pages by links that keep each other', async () => {
    const page = statusPage({ project: { page: 2, pages: 3, matching: 60 } });
    const html = await page.text('/projects/docs?status=ready&page=2');
    expect(html).toContain('rel="next" href="/projects/docs?status=ready&amp;page=3"');
    expect(html).toContain('rel="prev" href="/projects/docs?status=ready"');
    expect(html).toContain('href="/projects/docs?env=preview&amp;status=ready"');
    expect(html).toContain('href="/projects/docs?status=ready&amp;branch=feat%2Fnew-nav"');
    // Chosen, it is taken off again.
    expect(html).toContain('href="/projects/docs" aria-current="true">Ready<');
  });

  it('many branches are chosen by typing, and the other filters stay', async () => {
    const branches = Array.from({ length: 60 }, (_, index) => `feat/${index}`);
    const page = statusPage({ project: { branches } });
    const html = await page.text('/projects/docs?status=ready&env=preview&branch=feat%2F7');
    const form = /<form action="\/projects\/docs">[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
    expect(form.match(/<option /g)).toHaveLength(60);
    expect(form).toContain('<input type="hidden" name="env" value="preview">');
    expect(form).toContain('<input type="hidden" name="status" value="ready">');
    expect(form).toContain('placeholder="One of 60 branches" value="feat/7"');
  });

  it('names the rule and the place in every verdict', async () => {
    const place = { policy: 0, olderThanDays: 30, keepLatest: 5, rank: 2, nextAt: null };
    const words = async (verdict: Partial<Verdict>, change: Partial<JudgedDeployment> = {}) => {
      const item = { ...judged({}, verdict), place, ...change };
      return read('/projects/docs', { project: { deployments: [item] } });
    };
    expect(await words({ reason: 'latest' })).toContain('rollback target 2 of 5');
    expect(await words({ reason: 'latest' }, { place: null })).toContain('12:17 rollback target Open');
    expect(await words({ reason: 'newest' })).toContain('newest of its branch');
    const expiresAt = Date.UTC(2026, 11, 26, 1, 13);
    expect(await words({ reason: 'young', expiresAt })).toContain('until 26 Dec, 01:13');
    expect(await words({ action: 'delete', reason: 'expired', expiresAt: NOW - DAY })).toContain(
      'goes at the next run',
    );
  });

  it('calls one deployment live, whatever else is kept as if it were', async () => {
    const place = { policy: 0, olderThanDays: 30, keepLatest: 5, rank: 2, nextAt: null };
    const kept = (id: string, minutes: number) => ({
      ...judged({ id, createdAt: NOW + minutes * MINUTE }),
      place,
    });
    const words = async (live: JudgedDeployment | null, item: JudgedDeployment) => {
      const project = { summary: summary({ live }), deployments: [item] };
      const table = (await read('/projects/docs', { project })).split('Kept Link')[1] ?? '';
      return /\d\d:\d\d (.*?) Open/.exec(table)?.[1];
    };
    const live = kept('00000000-0000-4000-8000-000000000001', -60);
    expect(await words(live, live)).toBe('live');
    // Rolled back from; and built before what the list of projects says to be live.
    expect(await words(live, kept('00000000-0000-4000-8000-000000000002', -30))).toBe(
      'newest success of production',
    );
    expect(await words(live, kept('00000000-0000-4000-8000-000000000003', -90))).toBe(
      'rollback target 2 of 5',
    );
    expect(await words(null, live)).toBe('newest success of production');
  });

  it('offers no branch to choose where there is one', async () => {
    expect(await read('/projects/docs', { project: { branches: ['main'] } })).not.toContain('Skipped main');
    expect(await read('/projects/docs')).toContain('Skipped Goes next Rollback targets main feat/new-nav');
  });
});

describe('use elsewhere', () => {
  it('has badge, feed and link ready to be copied', async () => {
    const text = await read('/projects/docs');
    for (const words of [
      '![docs](https://status.test/projects/docs/badge.svg)',
      'https://status.test/projects/docs/feed.atom',
      'npm run share -- --project docs --until 2099-01-01',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('--badge');
  });

  it('says that a badge behind the door is seen by nobody outside', async () => {
    const door = { mode: 'access', teamDomain: null, audience: null } as const;
    const text = await read('/projects/docs', {}, { door, access: { aud: 'x' } });
    expect(text).toContain(
      'For a badge that everybody sees: npm run share -- --project docs --until 2099-01-01 --badge',
    );
  });
});

describe('runs', () => {
  it('say what they did and cost', async () => {
    const text = await read('/runs');
    expect(text).toContain(
      '13:00 Done Deleted 12 deployments, 1 already gone. Rebuilds started: docs Not rebuilt: brochure (direct upload, nothing to build from) 0 * * * * 1 min 58 s 31',
    );
  });

  it('say what they could not do, and why', async () => {
    const refusals = [{ project: 'blog', what: 'prune' as const, why: 'nothing would be left' }];
    const partial = run({ outcome: 'partial', refusals, error: 'blocked' });
    const text = await read('/runs', { runs: { runs: [partial] } });
    expect(text).toContain('blog was not pruned: nothing would be left');
    expect(text).toContain("Cloudflare's API limit was used up.");
    expect(await read('/runs/x', { run: { run: partial } })).toContain(
      'blog was not pruned: nothing would be left',
    );
  });

  it('show the plan, and how many more would go with staleBranchesAfterDays', async () => {
    const text = await read('/runs', { runs: { plan: [summary({ moreIfStale: 37 })] } });
    expect(text).toContain(
      '12 deployments to delete at the next prune run of each project, as far as it is planned.',
    );
    expect(text).toContain('docs 12 37 more with staleBranchesAfterDays of 143 14:00');
  });

  it('show the warnings', async () => {
    const warnings = ['RULES[1].projects: "shop-*" matches no project'];
    expect(await read('/runs', { runs: { warnings } })).toContain(`1 warning ${warnings[0]}`);
  });

  it('one run lists every deployment with its reason', async () => {
    const text = await read('/runs/x');
    expect(text).toContain('feat/new-nav docs fedcba9 badc0de5 created 15 Oct Deleted 13:01');
    expect(text).toContain(
      'Deployments it was to delete Why: expired. By project, in the order in which they went.',
    );
    const reasons = [deletion(), deletion({ reason: 'stale-branch' })];
    expect(await read('/runs/x', { run: { deletions: reasons } })).toContain(
      'Deleted 13:01 expired, on a stale branch',
    );
    expect(text).toContain('docs , main: ready');
  });

  it('a dry run is told in the conditional', async () => {
    const dry = run({ dryRun: true, counts: { deleted: 0, gone: 0, refused: 0, failed: 0, remaining: 12 } });
    expect(await read('/runs/x', { run: { run: dry, deletions: [] } })).toContain(
      'Would delete 12 deployments',
    );
  });
});
