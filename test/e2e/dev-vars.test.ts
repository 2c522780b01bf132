// .dev.vars as the commands read it is .dev.vars as wrangler reads it, whatever an editor made of it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { unstable_getVarsForDev as varsForDev } from 'wrangler';
import { readDevVars, UnreadableSettings } from '../../doctor/dev-vars.ts';

const folder = mkdtempSync(join(tmpdir(), 'pages-keeper-dev-vars-'));
const file = join(folder, '.dev.vars');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What wrangler gives the Worker. */
function byWrangler(): Record<string, unknown> {
  const bindings = varsForDev(join(folder, 'wrangler.toml'), undefined, {}, undefined, true);
  return Object.fromEntries(Object.entries(bindings).map(([name, { value }]) => [name, value]));
}

test.each<[string, string | Uint8Array, Record<string, string>]>([
  ['plain lines', 'A=1\nB=two words\n', { A: '1', B: 'two words' }],
  ['a byte order mark', '\ufeffA=1\nB=2\n', { A: '1', B: '2' }],
  ['a colon', 'A: 1\nB: "2"\n', { A: '1', B: '2' }],
  ['bare carriage returns', 'A=1\rB=2\r', { A: '1', B: '2' }],
  ['Windows line ends', 'A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['comments', '# A=1\nB=2 # two\nC="#3"\n', { B: '2', C: '#3' }],
  ['export', 'export A=1\n', { A: '1' }],
  [
    'quotes and what is in them',
    `A='{"x": "y"}'\nB="a\\nb"\nC=\`c\nd\`\n`,
    { A: '{"x": "y"}', B: 'a\nb', C: 'c\nd' },
  ],
  ['a name without a value, and a line that is none', 'A=\nnothing\nB=2', { A: '', B: '2' }],
  ['a dollar', 'A=1\nB=$A\n', { A: '1', B: '$A' }],
  ['bytes that are no UTF-8', Uint8Array.from([0x41, 0x3d, 0xfc, 0x0a]), { A: '\ufffd' }],
])('%s', (_, content, expected) => {
  writeFileSync(file, content);
  expect(readDevVars(file)).toEqual(expected);
  expect(byWrangler()).toEqual(expected);
});

test.each([
  ['with a byte order mark', Buffer.from('\ufeffA=1\n', 'utf16le')],
  ['without one', Buffer.from('A=1\n', 'utf16le')],
  ['the other way round', Buffer.from('\ufeffA=1\n', 'utf16le').swap16()],
])('UTF-16 %s is named, for wrangler reads nothing of it', (_, content) => {
  writeFileSync(file, content);
  expect(byWrangler()).not.toHaveProperty('A');
  expect(() => readDevVars(file)).toThrow(UnreadableSettings);
  expect(() => readDevVars(file)).toThrow(/\.dev\.vars is stored as UTF-16/);
});

test('a file that is not there is none, and a folder cannot be read', () => {
  expect(readDevVars(join(folder, 'other'))).toBeNull();
  expect(() => readDevVars(folder)).toThrow(UnreadableSettings);
});
