// `node test/setup/first-page.mjs npm start`: runs the command, waits for the page, ends the command as Ctrl-C does, and waits until
// nothing of it is left. For public CI, which tries it however npm is set; needs nothing installed, since that is what is tried.

import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 300;
const [file = 'npm', ...args] = process.argv.slice(2);
const started = Date.now();
const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
let printed = '';
for (const stream of [child.stdout, child.stderr])
  stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    printed += text;
    process.stdout.write(text);
  });
/** @type {number | null} */
let code = null;
child.on('error', (error) => process.stdout.write(`${error.message}\n`));
child.on('close', (ended) => {
  code = ended ?? 1;
});

/** @type {(url: string) => Promise<boolean>} */
async function isShown(url) {
  try {
    return (await (await fetch(url)).text()).includes('/projects/');
  } catch {
    // It will be.
    return false;
  }
}

const group = -(child.pid ?? 0);
function isLeft() {
  try {
    return process.kill(group, 0);
  } catch {
    return false;
  }
}

let shown = false;
while (code === null && !shown) {
  await pause(LOOK_EVERY_MS);
  const url = /status page\s+(http:\S+)/.exec(printed)?.[1];
  shown = url !== undefined && (await isShown(url));
}
if (shown) {
  process.stdout.write(`The page was there after ${Math.round((Date.now() - started) / 1_000)} s.\n`);
  process.kill(group, 'SIGINT');
  while (isLeft()) await pause(LOOK_EVERY_MS);
} else process.stdout.write(`It ended with ${code}, and showed no page.\n`);
process.exitCode = shown ? 0 : 1;
