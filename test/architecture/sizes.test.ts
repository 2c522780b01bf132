// No function is longer than a screen, and no file of the Worker longer than three. Biome has a rule for functions, which leaves
// out some lines (72 of ours it counts as 58), so the lines between the braces are counted here. Reads the sources as text; that Biome formats them all is what makes it exact.

import { describe, expect, test } from 'vitest';

const MOST_LINES = 60;
const MOST_LINES_OF_A_FILE = 200;

const sources = import.meta.glob<string>('../../{src,cli,doctor,share,simulator,bench,mutants}/**/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const files = Object.entries(sources).map(([path, text]) => ({ path: path.replace('../../', ''), text }));

const indentOf = (line: string) => line.length - line.trimStart().length;
const NO_FUNCTION =
  /^(\} )?(if|else|for|while|switch|catch|try|do|finally|(export )?(interface|type|class))\b/;
const opensFunction = (line: string) =>
  (/=> \{$/.test(line) || /\)(: .+)? \{$/.test(line)) && !NO_FUNCTION.test(line.trim());

/** Every function with a block of its own, and how many lines are between its braces. */
function functionsOf(text: string): { readonly line: number; readonly lines: number }[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (!opensFunction(line)) return [];
    const rest = lines.slice(index + 1);
    return [
      {
        line: index + 1,
        lines: rest.findIndex((next) => next.trim() !== '' && indentOf(next) <= indentOf(line)),
      },
    ];
  });
}

const tooLong = (text: string) => functionsOf(text).filter(({ lines }) => lines > MOST_LINES);

describe(`no function is over ${MOST_LINES} lines`, () => {
  test('in any program', () => {
    expect(files.flatMap(({ text }) => functionsOf(text)).length).toBeGreaterThan(300);
    const found = files.flatMap(({ path, text }) =>
      tooLong(text).map(({ line, lines }) => `${path}:${line}: ${lines} lines`),
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['function a(\n  n: number,\n): Promise<void> {', '}'],
    ['const a = (n: number) => {', '};'],
    ['const a = {\n  async b(n) {', '  },\n};'],
    ['class A {\n  b(): void {', '  }\n}'],
  ])('a planted one is found: %s', (head, end) => {
    const planted = (lines: number) => `${head}\n${'    n;\n'.repeat(lines)}${end}\n`;
    expect(tooLong(planted(MOST_LINES))).toEqual([]);
    expect(tooLong(planted(MOST_LINES + 1))).toHaveLength(1);
  });
});

test(`no file of the Worker is over ${MOST_LINES_OF_A_FILE} lines`, () => {
  const ours = files.filter(({ path }) => path.startsWith('src/'));
  expect(ours.length).toBeGreaterThan(100);
  const long = ours.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
  expect(long.filter(({ lines }) => lines > MOST_LINES_OF_A_FILE)).toEqual([]);
});
