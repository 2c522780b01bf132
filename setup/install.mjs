// Installs a folder's packages from its lock file, where that was not done yet or the lock file is another one since. npm does it,
// from npm's own words one sees how; no install script is run, since none is needed. Must never leave a half-done install that
// looks like a whole one.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { whileLocked } from './lock.mjs';
import { isWhole } from './whole.mjs';

/** @typedef {import('./child.mjs').Program} Program */

const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
const noteOf = (/** @type {string} */ folder) => join(folder, 'node_modules/.pages-keeper');
const npmNoteOf = (/** @type {string} */ folder) => join(folder, 'node_modules/.package-lock.json');

/** A folder that was copied to another kind of machine must be installed anew. @type {(folder: string) => string} */
function fingerprint(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  return `${process.platform} ${process.arch} ${createHash('sha256').update(lock).digest('hex')}\n`;
}

/** @type {(path: string) => any} */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Not there, or cut off: as good as nothing installed.
    return null;
  }
}

function libc() {
  if (process.platform !== 'linux') return '';
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

/** Whether somebody's own `npm ci` did it, all of it, before we were asked. @type {(folder: string) => boolean} */
function isInstalledByHand(folder) {
  const installed = readJson(npmNoteOf(folder));
  const lock = readJson(join(folder, 'package-lock.json'));
  const platform = { os: process.platform, cpu: process.arch, libc: libc() };
  return installed !== null && lock !== null && isWhole(lock, installed, platform);
}

/** @type {(folder: string) => boolean} */
export function isInstalled(folder) {
  const note = noteOf(folder);
  if (existsSync(note) && existsSync(npmNoteOf(folder)))
    return readFileSync(note, 'utf8') === fingerprint(folder);
  if (!isInstalledByHand(folder)) return false;
  writeFileSync(note, fingerprint(folder));
  return true;
}

// Whatever the machine's npm settings say: without the tools of development nothing here runs.
const ARGS = [
  ...['ci', '--include=dev', '--include=optional', '--include=peer', '--ignore-scripts'],
  ...['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier'],
];

/**
 * Makes sure that the packages of `folder` are there; `what` says in words what they are. Gives npm's exit code, 0 where there was
 * nothing to do.
 * @type {(options: { folder: string; what: string; npm: Program; env: NodeJS.ProcessEnv }) => Promise<number>}
 */
export function install({ folder, what, npm, env }) {
  if (isInstalled(folder)) return Promise.resolve(0);
  return whileLocked(join(folder, '.installing'), async () => {
    // Another command may have done it meanwhile.
    if (isInstalled(folder)) return 0;
    say(`Installing ${what}, once:`);
    // What npm leaves behind when it is ended in the middle must not pass for whole.
    for (const note of [noteOf(folder), npmNoteOf(folder)]) rmSync(note, { force: true });
    const program = { file: npm.file, args: [...npm.args, ...ARGS] };
    // At once: it will all be done again.
    const code = await run(program, { cwd: folder, env, stdio: ['ignore', 2, 2] }, ['SIGKILL']);
    if (code === 0) writeFileSync(noteOf(folder), fingerprint(folder));
    return code;
  });
}
