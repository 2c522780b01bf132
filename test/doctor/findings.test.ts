// What stands in the way of a first run, and what is good to know: each by itself.

import { expect, test } from 'vitest';
import { type Account, concludeAccount, concludeSettings, sizeOfRules } from '../../doctor/findings.ts';
import { type MonthlyBuilds, monthlyBuilds } from '../../doctor/first-runs.ts';
import { matchRules } from '../../doctor/matching.ts';
import { firstRunsSection, verdictSection } from '../../doctor/runs-section.ts';
import type { Settings } from '../../doctor/settings.ts';
import { read, withPolicy } from '../config/fixture.ts';
import { NOW } from '../policy/fixture.ts';
import { expired, plan, project, REBUILD, rule } from './fixture.ts';

const CRONS = ['0 * * * *'];

function settled(env: Readonly<Record<string, unknown>> = {}, change: Partial<Settings> = {}) {
  const settings: Settings = { env, crons: CRONS, plain: [], misplaced: [], missing: null, ...change };
  return { config: read(env), settings, now: NOW };
}
const settingsOf = (...about: Parameters<typeof settled>) =>
  concludeSettings(settled(...about), ['CLOUDFLARE_API_TOKEN']);
const NOTHING = { must: [], mind: [] };

test('nothing, when all is well', () => {
  expect(settingsOf()).toEqual(NOTHING);
});

test.each([
  ['no rules', {}, { RULES: [] }, 'RULES is empty'],
  ['no crons', { crons: [] }, {}, 'nothing would ever run'],
  ['crons left out', { crons: null }, {}, '[triggers] is left out'],
  ['a cron that never ticks', { crons: ['every hour'] }, {}, '"every hour" in [triggers] never ticks'],
  ['a setting nobody reads', { misplaced: ['triggers.DRY_RUN: belongs in [vars]'] }, {}, 'triggers.DRY_RUN'],
  ['a secret in [vars]', { plain: ['CLOUDFLARE_API_TOKEN'] }, {}, 'for everybody to read'],
  [
    'a cron that no trigger has',
    {},
    withPolicy({ cron: '0 3 * * *' }),
    'RULES[0].prune.cron is "0 3 * * *", which [triggers] lacks',
  ],
  ['rules too large', {}, { RULES: [{ projects: ['x'.repeat(5_120)] }] }, 'larger than a variable'],
])('must be fixed: %s', (_name, change, env, sentence) => {
  const { must, mind } = settingsOf(env, change);
  expect(must).toEqual([expect.stringContaining(sentence)]);
  expect(mind).toEqual([]);
});

test.each([
  [{}, true],
  [{ STATUS_PAGE: 'public' }, true],
  [{ STATUS_PAGE: 'password', STATUS_PASSWORD: 'long enough' }, false],
  [{ STATUS_PAGE: 'access' }, false],
])('build logs that nobody is shown are to be minded: %j', (env, isMinded) => {
  const { must, mind } = settingsOf({ ...env, BUILD_LOGS: true });
  expect([must, mind.join().includes('BUILD_LOGS is on and shows nothing')]).toEqual([[], isMinded]);
});

test('a cron that [triggers] has, and as many crons as Free has, are no trouble; one more is to be minded', () => {
  const crons = ['0 3 * * *', '1 * * * *', '2 * * * *', '3 * * * *', '4 * * * *'];
  expect(settingsOf(withPolicy({ cron: '0  3 * * *' }), { crons })).toEqual(NOTHING);
  expect(settingsOf({}, { crons: [...crons, '5 * * * *'] })).toMatchObject({
    must: [],
    mind: [expect.stringContaining('6 crons')],
  });
});

test('the size of RULES is that of its JSON, in bytes', () => {
  const RULES = [{ projects: ['ü'] }];
  const bytes = JSON.stringify(RULES).length + 1;
  expect(sizeOfRules(settled({ RULES }).settings)).toBe(bytes);
  expect(sizeOfRules(settled({ RULES: JSON.stringify(RULES) }).settings)).toBe(bytes);
});

function accountOf(change: Partial<Account> = {}): Account {
  const monthly: MonthlyBuilds = { byProject: new Map(), total: 0, limited: false };
  const projects = [project()];
  const matching = matchRules(projects, [rule()]);
  return {
    projects,
    unread: 0,
    matching,
    plans: [plan(expired(2))],
    runs: [],
    monthly,
    rate: 0.0036,
    ...change,
  };
}
const concluded = (change: Partial<Account> = {}) => concludeAccount(accountOf(change), settled());

test('of an account where all is well, nothing', () => {
  expect(concluded()).toEqual(NOTHING);
});

test('a project list that is not whole must be fixed', () => {
  expect(concluded({ unread: 2 }).must).toEqual([
    'The project list is not whole: 2 projects of it could not be read.',
  ]);
});

test('no project under any rule, or one that could not be read, must be fixed', () => {
  expect(concluded({ plans: [] }).must).toEqual(['No rule matches any project of this account.']);
  const unread = plan([], { reading: { kind: 'unread', why: 'because', calls: 1 } });
  expect(concluded({ plans: [unread] }).must).toEqual([
    'docs: its deployments could not be read whole (because).',
  ]);
});

test('a plan that the gate refuses, an idle rule, builds above 500 and a strange name are to be minded', () => {
  const refused = plan(expired(2), { project: project({ canonical: null }) });
  expect(concluded({ plans: [refused] })).toMatchObject({
    must: [],
    mind: [expect.stringContaining('docs: nothing of it would be deleted')],
  });
  const matching = matchRules([project()], [rule({ projects: ['docs', 'x'] })]);
  expect(concluded({ matching }).mind).toEqual(['RULES[0].projects: "x" matches no project.']);
  expect(settingsOf({ SOMETHING_ELSE: 'x' }).mind).toEqual([
    'SOMETHING_ELSE is no setting of ours: nothing reads it.',
  ]);
  const built = plan([], { rule: rule({ rebuild: REBUILD }) });
  const options = { now: NOW, maxDeletes: null, monthlyLimit: null, listCalls: 1 };
  const monthly = monthlyBuilds([built], { ...options, crons: CRONS });
  expect(concluded({ plans: [built], monthly }).mind).toEqual([
    expect.stringContaining('720 builds a month'),
  ]);
});

const FIRST_RUN = {
  cron: '0 * * * *',
  at: NOW + 3_600_000,
  deletes: 9,
  later: 0,
  projects: 2,
  builds: 1,
  calls: 1_080,
};

test('one line with the verdict', () => {
  const run = FIRST_RUN;
  const verdict = (must: string[], env = {}) =>
    verdictSection({ must, mind: [] }, run, { ...settled(env), rate: 0.0036 })[0];
  expect(verdict([], { DRY_RUN: false })).toBe(
    'Ready: the first run at 04:00 UTC would delete 9 deployments of 2 projects and start 1 build, in about 5 min.',
  );
  expect(verdict([])).toContain('DRY_RUN is true, so the first run at 04:00 UTC changes nothing');
  expect(verdict(['a', 'b'])).toBe('Not ready: 2 things to fix first.');
});

test.each([
  [9, 0, 'would delete 9 deployments of 2 projects, in about 5 min.', 'deletes 9 starts no build'],
  [0, 2, 'would start 2 builds, in about 5 min.', 'deletes nothing starts 2 builds'],
  [0, 0, 'would change nothing.', 'deletes nothing starts no build'],
])('of %i deletions and %i builds nobody is told a number that is none', (deletes, builds, verdict, row) => {
  const run = { ...FIRST_RUN, deletes, builds };
  const configured = settled({ DRY_RUN: false });
  const [said] = verdictSection({ must: [], mind: [] }, run, { ...configured, rate: 0.0036 });
  expect(said).toBe(`Ready: the first run at 04:00 UTC ${verdict}`);
  const lines = firstRunsSection(accountOf({ runs: [run] }), configured)
    .join(' ')
    .replaceAll(/\s+/g, ' ');
  expect(lines).toContain(`04:00 UTC ${row} about 1,080 calls`);
});
