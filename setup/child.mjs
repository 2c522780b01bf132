// One program that is run to its end: it is told when we are to end, and does not outlive us.

import { spawn } from 'node:child_process';

/**
 * @typedef {object} Program
 * @property {string} file what is started
 * @property {readonly string[]} args
 */

const LOOK_EVERY_MS = 500;
/** What was asked to end and does not is ended. Long enough for a Worker to be put away. */
const PATIENCE_MS = 20_000;
/** The exit code of what was ended by hand, as shells have it. */
export const BY_HAND = 130;

/** @type {readonly NodeJS.Signals[]} */
const ENDINGS = ['SIGTERM', 'SIGKILL'];

/**
 * Starts `program`, waits for its end, and gives its exit code. `endings`: what it is sent when we are to end, one after the other;
 * SIGINT reaches it by itself, since a terminal tells everybody in the foreground.
 * @type {(program: Program, options: import('node:child_process').SpawnOptions, endings?: readonly NodeJS.Signals[]) => Promise<number>}
 */
export function run({ file, args }, options, endings = ENDINGS) {
  return new Promise((resolve) => {
    const child = spawn(file, args, options);
    const watch = watchForEnd((signal) => {
      const [first, then] = endings;
      if (signal !== 'SIGINT' || first === 'SIGKILL') child.kill(first);
      return setTimeout(() => child.kill(then ?? 'SIGKILL'), PATIENCE_MS);
    });
    child.on('error', (error) => {
      process.stderr.write(`${file}: ${error.message}\n`);
      watch.over();
      resolve(1);
    });
    child.on('close', (code) => {
      const asked = watch.over();
      resolve(code ?? (asked ? BY_HAND : 1));
    });
  });
}

/**
 * Calls `end` once, when a signal says that we are to end, or when whoever started us has ended: npm ends its shell and itself,
 * and tells nobody else. `over` gives up watching, and says whether it came to that.
 * @type {(end: (signal: NodeJS.Signals) => NodeJS.Timeout) => { over: () => boolean }}
 */
function watchForEnd(end) {
  /** @type {NodeJS.Timeout | null} */
  let patience = null;
  const told = (/** @type {NodeJS.Signals} */ signal) => {
    patience ??= end(signal);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, told);
  const parent = process.ppid;
  const orphaned = setInterval(() => void (process.ppid !== parent && told('SIGTERM')), LOOK_EVERY_MS);
  const over = () => {
    for (const signal of signals) process.off(signal, told);
    clearInterval(orphaned);
    if (patience !== null) clearTimeout(patience);
    return patience !== null;
  };
  return { over };
}
