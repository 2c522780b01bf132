// What reaches the terminal: no secret, and nothing that could move the cursor or colour the verdict.

import { expect, test } from 'vitest';
import { createPrinter } from '../../doctor/printer.ts';
import { table } from '../../doctor/table.ts';

function printed(use: (printer: ReturnType<typeof createPrinter>) => void): { out: string; err: string } {
  const streams = { out: '', err: '' };
  const printer = createPrinter(
    (text) => (streams.out += text),
    (text) => (streams.err += text),
  );
  use(printer);
  return streams;
}

test('a secret is not shown, wherever it comes from', () => {
  const { out, err } = printed((printer) => {
    printer.hide(['CANARY-token', undefined, '']);
    printer.print(['the API said: CANARY-token is unknown']);
    printer.progress('Reading CANARY-token');
  });
  expect(out).toBe('the API said: (not shown) is unknown\n');
  expect(err).toBe('Reading (not shown)\n');
});

test('a branch that is an escape sequence stays a branch', () => {
  const { out } = printed((printer) => printer.print(['\u001b[2J\u001b[32mReady: all\nReady: x\u202e']));
  expect(out).toBe('\uFFFD[2J\uFFFD[32mReady: all Ready: x\uFFFD\n');
});

test('columns line up, numbers to the right', () => {
  expect(
    table([
      ['', 'all'],
      ['docs', '5,000'],
      ['blog', '9'],
      ['old', '?'],
    ]),
  ).toEqual(['          all', '  docs  5,000', '  blog      9', '  old       ?']);
});
