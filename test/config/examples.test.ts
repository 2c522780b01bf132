// Every configuration that the prose shows is valid, and means something: a rule's cron ticks, a name is read by the Worker.

import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { SECRETS, VARS } from '../../src/config/names.ts';
import { NO_CRON } from '../../src/policy/rules.ts';
import { blocksOf } from '../architecture/prose.ts';
import { blockExamples, devVars, ENOUGH, type Example, inlineExamples } from './examples.ts';

const named = (examples: readonly Example[]) =>
  examples.map((example) => [`${example.file}:${example.line}`, example] as const);

test('the prose has examples', () => {
  expect(blockExamples.length).toBeGreaterThan(5);
  expect(inlineExamples.length).toBeGreaterThan(5);
  expect(devVars).toContain('CLOUDFLARE_API_TOKEN');
});

/** The secrets that an example's destinations name: an example holds none. */
function secretsOf({ NOTIFY }: Record<string, unknown>): Record<string, string> {
  const entries = Array.isArray(NOTIFY) ? (NOTIFY as { to: string }[]) : [];
  return Object.fromEntries(entries.map(({ to }) => [to, 'https://example.com/hook']));
}

test.each(named([...blockExamples, ...inlineExamples]))('%s can be read', (_, { vars }) => {
  expect(Object.keys(vars).filter((name) => ![...VARS, ...SECRETS].includes(name))).toEqual([]);
  expect(() => readConfig({ ...ENOUGH, ...secretsOf(vars), ...vars })).not.toThrow();
});

test.each(named(blockExamples))('%s waits for no cron that does not tick', (_, { vars, crons }) => {
  const { rules } = readConfig({ ...ENOUGH, ...secretsOf(vars), ...vars });
  const waited = rules.flatMap(({ rebuild, prune }) => [rebuild?.cron, ...prune.map(({ cron }) => cron)]);
  const ticking = crons ?? waited;
  expect(waited.filter((cron) => cron && cron !== NO_CRON && !ticking.includes(cron))).toEqual([]);
});

test.each(blocksOf('json').map(({ file, line, text }) => [`${file}:${line}`, text]))(
  '%s is JSON',
  (_, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
  },
);

test('.dev.vars.example names what is read', () => {
  expect(devVars.filter((name) => ![...VARS, ...SECRETS].includes(name))).toEqual([]);
});
