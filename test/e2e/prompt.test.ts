// What is typed at a hidden question is shown nowhere, and where there is nobody to ask nothing is asked.

import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { terminal } from '../../doctor/prompt.ts';

const CANARY = 'canary-token-4f1d0c2b9a8e7d6c5b4a';

function pretend(isTTY: boolean) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let printed = '';
  output.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ends = { input: Object.assign(input, { isTTY }), output: Object.assign(output, { isTTY }) };
  return { ask: terminal(ends), input, printed: () => printed };
}

test('a hidden answer is given and not shown; a shown one is both', async () => {
  const { ask, input, printed } = pretend(true);
  const token = ask('Token: ', 'hidden');
  for (const letter of `  ${CANARY} \r`) input.write(letter);
  expect(await token).toBe(CANARY);
  expect(printed()).toBe('Token: \n');
  const id = ask('Account: ', 'shown');
  input.write('abc123\r');
  expect(await id).toBe('abc123');
  expect(printed()).toContain('abc123');
  expect(printed()).not.toContain('canary');
});

test('no answer, and nobody to ask', async () => {
  const { ask, input } = pretend(true);
  const nothing = ask('Token: ', 'hidden');
  input.write('\r');
  expect(await nothing).toBeNull();
  const alone = pretend(false);
  expect(await alone.ask('Token: ', 'hidden')).toBeNull();
  expect(alone.printed()).toBe('');
});
