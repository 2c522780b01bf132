// What is read of wrangler's configuration: comments, environments, and that the template is what is shipped.

import { parse as parseToml } from 'smol-toml';
import { expect, test } from 'vitest';
import { environmentOf, plainJson } from '../../doctor/wrangler-file.ts';
import template from '../../template/wrangler.jsonc?raw';
import shipped from '../../wrangler.toml?raw';

test('comments and last commas are left out, every character keeps its place, and text stays text', () => {
  const text = '{ // a "word"\n  "a": "// no, /* no */ ,]", /* x\n */ "b": [1, 2,],\n  "c\\\\\\"": "}",\n}';
  const plain = plainJson(text);
  expect(JSON.parse(plain)).toEqual({ a: '// no, /* no */ ,]', b: [1, 2], 'c\\"': '}' });
  expect([plain.length, plain.split('\n').length]).toEqual([text.length, text.split('\n').length]);
});

test('an environment has variables of its own alone, and crons of its own or those at the top', () => {
  const raw = {
    vars: { A: 1 },
    triggers: { crons: ['0 * * * *'] },
    env: { staging: { vars: { B: 2 } }, none: { triggers: { crons: [] } } },
  };
  expect(environmentOf(raw, null)).toEqual({ vars: { A: 1 }, crons: ['0 * * * *'] });
  expect(environmentOf(raw, 'staging')).toEqual({ vars: { B: 2 }, crons: ['0 * * * *'] });
  expect(environmentOf(raw, 'none')).toEqual({ vars: {}, crons: [] });
  expect(() => environmentOf(raw, 'toString')).toThrow('it has staging, none');
  expect(() => environmentOf({}, 'x')).toThrow('it has none');
});

test('a project from the template is deployed as a clone is', () => {
  const { $schema, ...made } = JSON.parse(plainJson(template)) as Record<string, unknown>;
  expect($schema).toBe('node_modules/wrangler/config-schema.json');
  expect(made).toEqual(JSON.parse(JSON.stringify(parseToml(shipped))));
});
