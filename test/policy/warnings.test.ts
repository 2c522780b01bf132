// What of the rules never takes effect, in the words of the page, the log and the doctor.

import { expect, test } from 'vitest';
import type { Rule } from '../../src/policy/rules.ts';
import { cronWarnings, namedCrons, projectWarnings } from '../../src/policy/warnings.ts';
import { policy } from './fixture.ts';

const PROJECTS = ['blog', 'docs-a', 'docs-old', 'shop'];

const rule = (change: Partial<Rule>): Rule => ({
  projects: ['*'],
  show: true,
  dryRun: false,
  repository: null,
  rebuild: null,
  prune: [],
  ...change,
});
const of = (...rules: Partial<Rule>[]) => projectWarnings(rules.map(rule), PROJECTS);

test('rules of which every part has its project are fine', () => {
  expect(of({ projects: ['docs-*', '!docs-old'] }, { projects: ['docs-*', 'blog'] })).toEqual([]);
});

test('a rule without a project, and one that never applies', () => {
  expect(of({}, { projects: ['nothing-*'] })).toEqual([{ rule: 1, text: 'RULES[1] matches no project.' }]);
  expect(of({}, { projects: ['shop'] })).toEqual([
    { rule: 1, text: 'RULES[1] never applies: an earlier rule matches all its projects.' },
  ]);
});

test('a misspelt glob, and a misspelt name of one to be spared', () => {
  expect(of({ projects: ['*', 'blgo', '!shpo', '!shop'] }).map(({ text }) => text)).toEqual([
    'RULES[0].projects: "blgo" matches no project.',
    'RULES[0].projects: "!shpo" matches no project.',
  ]);
});

test('a ! that does not lead is part of the name', () => {
  expect(of({ projects: ['*', 'sh!op'] }).map(({ text }) => text)).toEqual([
    'RULES[0].projects: "sh!op" matches no project.',
  ]);
});

const REBUILD = {
  cron: '0 6 * * *',
  branch: null,
  ifOlderThanMinutes: 0,
  ifChanged: null,
  ifBehind: false,
  hook: false,
  retryFailed: false,
};
const RULES = [
  rule({ rebuild: REBUILD, prune: [policy({ cron: '0 3 * * *' })] }),
  rule({ prune: [policy(), policy({ cron: '0 4 * * *' }), policy({ cron: '0 4 * * *' })] }),
];

test('the crons that rules name, with their paths', () => {
  expect(namedCrons(RULES)).toEqual([
    { cron: '0 6 * * *', rule: 0, at: 'RULES[0].rebuild.cron' },
    { cron: '0 3 * * *', rule: 0, at: 'RULES[0].prune.cron' },
    { cron: '0 4 * * *', rule: 1, at: 'RULES[1].prune[1].cron' },
    { cron: '0 4 * * *', rule: 1, at: 'RULES[1].prune[2].cron' },
  ]);
});

test('a cron that has not ticked is told once a rule, and not before any has', () => {
  expect(cronWarnings(RULES, [])).toEqual([]);
  expect(cronWarnings(RULES, ['0 3 * * *', '0 6 * * *'])).toEqual([
    {
      rule: 1,
      text: 'RULES[1] waits for the cron "0 4 * * *", which has not ticked yet: is it in [triggers]?',
    },
  ]);
});
