// docs/rules.schema.json is what the validator says, word for word in the README's words, and judges as it does.

import { Validator } from '@cfworker/json-schema';
import type { JsonSchema } from '@valibot/to-json-schema';
import { expect, test } from 'vitest';
import written from '../../docs/rules.schema.json';
import readme from '../../README.md?raw';
import { blockExamples, inlineExamples } from './examples.ts';
import { type Env, problems, withPolicy, withRule } from './fixture.ts';
import { rulesSchema } from './rules-schema.ts';
import { WRONG } from './wrong-rules.ts';

const schema = rulesSchema(readme);
const validator = new Validator(schema as object, '7');

/** Every list of rules in the prose. */
const examples = [...blockExamples, ...inlineExamples].flatMap(({ vars }) =>
  vars.RULES === undefined ? [] : [vars.RULES],
);

// What one field asks of another is not JSON Schema's to say; and a value as text is one for the Worker alone.
const BEYOND = [withPolicy({ staleBranchesAfterDays: 29 })];

/** Every field, by its path; those of a policy twice, alone and in a list. */
function fieldsOf({ properties = {}, items, anyOf = [] }: JsonSchema, path = ''): [string, JsonSchema][] {
  const parts = [items, ...anyOf].filter((part) => typeof part === 'object') as JsonSchema[];
  const fields = Object.entries(properties) as [string, JsonSchema][];
  return [
    ...parts.flatMap((part) => fieldsOf(part, path)),
    ...fields.flatMap(([name, field]): [string, JsonSchema][] => [
      [path + name, field],
      ...fieldsOf(field, `${path}${name}.`),
    ]),
  ];
}

test('the file is current: `npm run schema` writes it', () => {
  expect(written, 'run `npm run schema`').toEqual(schema);
});

test('every field says what it holds, and has a row in the README', () => {
  const fields = fieldsOf(schema);
  expect(fields.length).toBeGreaterThan(10);
  const shapeless = fields.filter(([, { type, enum: words, anyOf }]) => !(type || words || anyOf));
  expect(shapeless.map(([path]) => path)).toEqual([]);
  // A table's own fields say it all.
  const undescribed = fields.filter(([, { description, properties }]) => !(description || properties));
  expect(undescribed.map(([path]) => path)).toEqual([]);
});

test('takes every example of the prose', () => {
  expect(examples.length).toBeGreaterThan(0);
  for (const rules of examples) expect(validator.validate(rules).errors, JSON.stringify(rules)).toEqual([]);
});

const UNKNOWN: readonly (readonly [string, Env])[] = [
  ['RULES[0].project', withRule({ project: ['*'] })],
  ['RULES[0].prune.olderThenDays', withPolicy({ olderThenDays: 3 })],
  ['RULES[0].rebuild.every', withRule({ rebuild: { every: 3 } })],
];

test.each([...WRONG, ...UNKNOWN])('refuses what is wrong at %s, as the validator does: %j', (_, change) => {
  expect(problems(change)).not.toEqual([]);
  const beyond = BEYOND.some((one) => JSON.stringify(one) === JSON.stringify(change));
  expect(validator.validate(change.RULES).valid).toBe(beyond);
});

test.each([
  [withRule({})],
  [withRule({ projects: ['!docs', '*'], show: false, dryRun: true })],
  [withRule({ rebuild: { cron: ' 0  3 * *\t* ', branch: 'main', ifOlderThanMinutes: 0 } })],
  [withPolicy({ keepLatest: 3, environment: 'production', branches: ['a', '!b'] })],
  [withPolicy({ staleBranchesAfterDays: 60, environment: 'preview' })],
  [withRule({ prune: [{ olderThanDays: 1 }, { olderThanDays: 2, cron: '0 3 * * *' }] })],
  [{ RULES: [] }],
])('takes what the validator takes: %j', (change) => {
  expect(problems(change)).toEqual([]);
  expect(validator.validate(change.RULES).errors).toEqual([]);
});
