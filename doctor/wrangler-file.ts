// Wrangler's configuration as it stands in the file: wrangler.json, wrangler.jsonc or wrangler.toml. Read here, so that a command
// needs no wrangler. Knows of its keys only what an environment changes. Never shows a line of the file: it may hold a secret.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml, TomlError } from 'smol-toml';
import { record } from '../src/object.ts';
import { shown, UnreadableSettings } from './dev-vars.ts';

/** What a table of the file holds. */
export type Table = Readonly<Record<string, unknown>>;

// In wrangler's own order.
const NAMES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];

/** The configuration in this folder, the one that wrangler would take; `null`: there is none. */
export function findWrangler(folder: string): string | null {
  const name = NAMES.find((each) => existsSync(join(folder, each)));
  return name === undefined ? null : join(folder, name);
}

/** The file of local secrets that wrangler would take: that of the environment, where it is there. */
export function varsFile(folder: string, env: string | null): string {
  const own = join(folder, `.dev.vars.${env}`);
  return env !== null && existsSync(own) ? own : join(folder, '.dev.vars');
}

/** Reads the file. Throws `UnreadableSettings`. */
export function readWrangler(file: string): Table {
  let text = '';
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    return record(file.endsWith('.toml') ? parseToml(text) : JSON.parse(plainJson(text)));
  } catch (error) {
    throw new UnreadableSettings(`${shown(file)} cannot be read${whyUnreadable(error, text)}`);
  }
}

/**
 * JSON without what JSONC allows besides: comments and a comma after the last item. Every character keeps its place, so that a
 * place in the one is the place in the other.
 */
export function plainJson(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  return text
    .replace(/"(?:\\.|[^"\\])*"|\/\/.*|\/\*[\s\S]*?\*\//g, (part) =>
      part.startsWith('"') ? part : blank(part),
    )
    .replace(/"(?:\\.|[^"\\])*"|,(?=\s*[\]}])/g, (part) => (part.startsWith('"') ? part : ' '));
}

/** How far a text could be the beginning of JSON. Node says so of some mistakes only. */
function endOfJson(text: string): number {
  const couldBe = (end: number) => {
    try {
      JSON.parse(text.slice(0, end));
    } catch (error) {
      const { message } = error as Error;
      const said = /position (\d+)/.exec(message)?.[1];
      // Of a text that only ends too early its end is said, or that.
      return said === undefined ? message.includes('end of JSON') : Number(said) >= end;
    }
    return true;
  };
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (couldBe(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function whyUnreadable(error: unknown, text: string): string {
  if (error instanceof TomlError) {
    return `, line ${error.line}, column ${error.column}: ${error.message.split('\n')[0]}`;
  }
  if (error instanceof SyntaxError) {
    // Node quotes a piece of the text beside it.
    const before = text.slice(0, endOfJson(plainJson(text))).split('\n');
    return `, line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: it is no JSON`;
  }
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? ': it is not there' : `: ${code ?? 'for an unknown reason'}`;
}

/**
 * The variables and crons that an environment has: variables are its own alone, crons are those at the top where it has none.
 * `env: null` is the top itself. Throws `UnreadableSettings` where there is no such environment.
 */
export function environmentOf(
  raw: Table,
  env: string | null,
): { readonly vars: Table; readonly crons: unknown } {
  const { crons } = record(raw.triggers);
  if (env === null) return { vars: record(raw.vars), crons };
  const all = record(raw.env);
  if (!Object.hasOwn(all, env)) {
    const known = Object.keys(all);
    const which = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
    throw new UnreadableSettings(`There is no environment "${env}" in wrangler's configuration: ${which}.`);
  }
  const own = record(all[env]);
  return { vars: record(own.vars), crons: own.triggers === undefined ? crons : record(own.triggers).crons };
}
