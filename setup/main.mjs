// From the name of a command to its end: a Node that can run it, its packages, then its steps. Knows no command by name.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BY_HAND, run } from './child.mjs';
import { COMMANDS, PACKAGES } from './commands.mjs';
import { environment, temporary } from './environment.mjs';
import { install } from './install.mjs';
import { findNode } from './node.mjs';
import { npmOn } from './npm.mjs';

/** @typedef {import('./commands.mjs').Command} Command */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);

/** @type {(needs: Command['needs'], node: string, env: NodeJS.ProcessEnv) => Promise<number>} */
async function installAll(needs, node, env) {
  for (const need of needs) {
    const npm = npmOn(env, process.execPath, node);
    const code = await install({ folder: join(ROOT, need), what: PACKAGES[need], npm, env });
    if (code !== 0 && code !== BY_HAND)
      say(`npm could not install ${PACKAGES[need]}: see above. Nothing was started.`);
    if (code !== 0) return code;
  }
  return 0;
}

/** @type {(command: Command, args: readonly string[], folder: string) => Promise<number>} */
async function perform({ needs, steps }, args, folder) {
  const found = await findNode(ROOT, environment(process.env, { root: ROOT, folder, node: null }));
  if ('missing' in found) {
    if (found.missing !== '') say(found.missing);
    return found.missing === '' ? BY_HAND : 1;
  }
  const { node } = found;
  const env = environment(process.env, { root: ROOT, folder, node: node === process.execPath ? null : node });
  const code = await installAll(needs, node, env);
  if (code !== 0) return code;
  for (const [index, step] of steps.entries()) {
    const given = index === steps.length - 1 ? args : [];
    const program = { file: node, args: [join(ROOT, step.file), ...step.args, ...given] };
    const code = await run(program, { cwd: ROOT, env, stdio: 'inherit' });
    if (code !== 0) return code;
  }
  return 0;
}

/** The exit code of the command that `args` begin with. @type {(args: readonly string[]) => Promise<number>} */
export async function main([name = '', ...args]) {
  const command = COMMANDS[name];
  if (command === undefined) {
    say(`${name === '' ? 'Nothing' : name} is none of the commands: ${Object.keys(COMMANDS).join(', ')}.`);
    return 1;
  }
  const { folder, remove } = temporary(ROOT);
  try {
    return await perform(command, args, folder);
  } finally {
    remove();
  }
}
