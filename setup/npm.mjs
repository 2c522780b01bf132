// Which npm installs the packages: the one that started us, else the one beside this Node, else the one on the PATH.

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** @typedef {import('./child.mjs').Program} Program */

/**
 * @type {(env: NodeJS.ProcessEnv, node: string) => string | null}
 * npm's own script, which runs on whichever Node we choose; `null` where it is not known where it lies.
 */
export function npmScript(env, node) {
  const started = env.npm_execpath ?? '';
  const here = dirname(node);
  const places = [
    // yarn, pnpm and bun put themselves there.
    ...(basename(started) === 'npm-cli.js' ? [started] : []),
    join(here, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(here, 'node_modules/npm/bin/npm-cli.js'),
    join(here, '../share/nodejs/npm/bin/npm-cli.js'),
  ];
  return places.find((place) => existsSync(place)) ?? null;
}

/** @type {(env: NodeJS.ProcessEnv, machine: string, node: string) => Program} npm on this Node. */
export function npmOn(env, machine, node) {
  const script = npmScript(env, machine);
  if (script !== null) return { file: node, args: [script] };
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}
