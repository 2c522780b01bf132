// The package as somebody gets it: packed, and installed into a folder that has nothing else. Knows no command of it.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { npmOn } from '../../setup/npm.mjs';
import { quietEnvironment } from '../../simulator/dev.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** What a program came to. */
export interface Done {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own below a new temporary one; `remove` takes all of it away. */
export function folders(): { readonly top: string; remove(): void } {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'pages-keeper-package-')));
  return { top, remove: () => rmSync(top, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Runs a program to its end, with a user's environment less whatever could lead to a real account. */
export async function run(
  cwd: string,
  [file = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Done> {
  const all = { ...quietEnvironment(process.env), ...env };
  const child = spawn(file, args, { cwd, env: all, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** The same, for what must go well. */
export async function passes(
  cwd: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { code, out, err } = await run(cwd, command, env);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${out}${err}`);
  return out;
}

/** npm that is on this machine, as a command. */
export function npm(...args: string[]): string[] {
  const { file, args: before } = npmOn(process.env, process.execPath, process.execPath);
  return [file, ...before, ...args, '--no-audit', '--no-fund', '--prefer-offline'];
}

/** Packs the repository, which builds it; the file. */
export async function pack(into: string): Promise<string> {
  mkdirSync(into, { recursive: true });
  await passes(ROOT, npm('pack', '--silent', '--pack-destination', into));
  const [file = ''] = readdirSync(into).filter((name) => name.endsWith('.tgz'));
  return join(into, file);
}

/** A folder with nothing but this package in it, installed by this npm; the folder. */
export async function installed(folder: string, address: string, how = npm('install')): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await passes(folder, [...how, address]);
  return folder;
}

/** The command of the package in a folder that has it installed. */
export const bin = (folder: string) => join(folder, 'node_modules/pages-keeper/dist/cli/pages-keeper.js');

/** The oldest Node on this machine that the package takes: the tests themselves may run on one that was fetched for them. */
export function oldestNode(): string {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .filter((file) => existsSync(file))
    .map((file) => ({ file, version: spawnSync(file, ['-v'], { encoding: 'utf8' }).stdout ?? '' }))
    .map(({ file, version }) => ({ file, parts: version.replace('v', '').split('.').map(Number) }))
    .filter(({ parts: [major = 0, minor = 0] }) => major > 20 || (major === 20 && minor >= 19));
  const [oldest] = found.toSorted((a, b) => (a.parts[0] ?? 0) - (b.parts[0] ?? 0));
  return oldest?.file ?? process.execPath;
}
