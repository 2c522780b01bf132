// The prose of the repository, and what stands in it that can be run or read: blocks, commands, settings.
// Knows no command and no setting; whether they are right is the tests' to say.

const all = import.meta.glob<string>(
  [
    '../../README.md',
    '../../CONTRIBUTING.md',
    '../../SECURITY.md',
    '../../.dev.vars.example',
    '../../docs/**/*.md',
    '../README.md',
  ],
  { query: '?raw', import: 'default', eager: true },
);

const HERE = 'https://root.test/test/architecture/';

/** Every page, by its path from the root. */
export const PROSE: ReadonlyMap<string, string> = new Map(
  Object.entries(all).map(([path, text]) => [new URL(path, HERE).pathname.slice(1), text]),
);

/** Something found, and where. */
export interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

interface Part extends Found {
  /** Of a fenced block; `null`: running text. */
  readonly language: string | null;
}

/** A page in parts: each fenced block whole, and each line of text outside. */
function partsOf(file: string, text: string): Part[] {
  const parts: Part[] = [];
  let open: { language: string; line: number; lines: string[] } | null = null;
  for (const [index, content] of text.split('\n').entries()) {
    const fence = /^ *```(\w*)/.exec(content);
    if (fence && open) {
      parts.push({ file, line: open.line, text: open.lines.join('\n'), language: open.language });
      open = null;
    } else if (fence) open = { language: fence[1] ?? '', line: index + 2, lines: [] };
    else if (open) open.lines.push(content);
    else parts.push({ file, line: index + 1, text: content, language: null });
  }
  if (open) throw new Error(`${file}:${open.line}: a block that does not end`);
  return parts;
}

const PARTS = [...PROSE].flatMap(([file, text]) => partsOf(file, text));

/** Every block in this language. */
export const blocksOf = (language: string): Found[] => PARTS.filter((part) => part.language === language);

/** Every `piece of code` in running text. */
export const inlineCode = (): Found[] =>
  PARTS.filter(({ language }) => language === null).flatMap(({ file, line, text }) =>
    [...text.matchAll(/(`+)(.+?)\1/g)].map(([, , code = '']) => ({ file, line, text: code.trim() })),
  );

const SHELL = ['sh', 'bash', 'shell', 'console'];
const COMMAND = /^(?:(?:[A-Z_]+=\S+ )*(?:npm|npx|node|git|curl|gh|wrangler|vitest|biome|bash)|--) /;

/** Every command, as it would be typed: the lines of shell blocks, and code in running text that begins like one. */
export function commands(): Found[] {
  const lines = SHELL.flatMap(blocksOf).flatMap(({ file, line, text }) =>
    text.split('\n').map((content, index) => ({ file, line: line + index, text: content })),
  );
  const inline = inlineCode().filter(({ text }) => COMMAND.test(text));
  // Within a message that is quoted, and without any quotes: there only what nobody would say in another sense.
  const quoted = PARTS.filter(({ language }) => language === null).flatMap((part) => {
    const rest = part.text.replace(/`([^`]+)`/g, (code, text) => (COMMAND.test(text) ? '' : code));
    const named = rest.matchAll(/\bnpx wrangler [a-z]+(?: [a-z]+)*(?: (?:[A-Z_]+|…))?/g);
    return [...named].map(([text]) => ({ ...part, text }));
  });
  return [...lines, ...inline, ...quoted]
    .flatMap((found) => stepsOf(found.text).map((text) => ({ ...found, text })))
    .filter(({ text }) => text !== '');
}

/** One command after the other, without comments. */
function stepsOf(line: string): string[] {
  return line
    .replace(/^\$ /, '')
    .replace(/(^| +)#.*/, '')
    .split(' && ')
    .map((step) => step.trim().replace(/ +/g, ' '));
}
