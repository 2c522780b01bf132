// Asking the person at the terminal. A secret is read without an echo, and goes nowhere but to whoever asked for it.

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks a question; `hidden`: what is typed is not shown. `null`: there is nobody to ask, or no answer was given. */
export type Ask = (question: string, kind: 'hidden' | 'shown') => Promise<string | null>;

/** What a question is asked through. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Asks through the terminal that this was started in, where it was started in one. */
export function terminal(
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Ask {
  return (question, kind) => {
    if (!input.isTTY || !output.isTTY) return Promise.resolve(null);
    output.write(question);
    const nowhere = new Writable({ write: (_text, _encoding, done) => done() });
    // readline is what echoes: the terminal itself is told not to.
    const lines = createInterface({ input, output: kind === 'hidden' ? nowhere : output, terminal: true });
    return new Promise((resolve) => {
      let answer: string | null = null;
      lines.once('line', (line) => {
        answer = line.trim() === '' ? null : line.trim();
        lines.close();
      });
      lines.once('close', () => {
        if (kind === 'hidden') output.write('\n');
        resolve(answer);
      });
    });
  };
}
