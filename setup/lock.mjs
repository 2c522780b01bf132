// One at a time: two commands that are started side by side in a fresh clone must not install over each other.

import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';

const LOOK_EVERY_MS = 200;
const BEAT_EVERY_MS = 2_000;
/** A process id alone says little: in containers the same few are given out again and again. */
const SILENT_MS = 60_000;

/** @type {(pid: number) => boolean} */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is there all the same.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @type {(path: string) => boolean} */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Whether its owner was ended before it could give it back. @type {(path: string) => boolean} */
function isLeft(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > SILENT_MS) return true;
    const pid = Number(readFileSync(path, 'utf8'));
    return pid > 0 && !isRunning(pid);
  } catch {
    // Given back this very moment.
    return false;
  }
}

/**
 * Does `work` while nobody else does who holds the file at `path`.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whileLocked(path, work) {
  let told = false;
  while (!take(path)) {
    if (isLeft(path)) rmSync(path, { force: true });
    else {
      if (!told) process.stderr.write('Another command is at it already; waiting for it.\n');
      told = true;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
  const beat = setInterval(() => utimesSync(path, new Date(), new Date()), BEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}
