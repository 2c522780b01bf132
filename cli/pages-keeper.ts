#!/usr/bin/env node
// `npx pages-keeper`: finds the command that is meant, and hands it the rest. In a clone `npm run doctor` and `npm run share` come
// by here too. Loads no command but that one.

import { VERSION } from '../src/version.ts';

const USAGE = `Pages Keeper ${VERSION}: keeps the Cloudflare Pages projects of an account fresh, tidy and visible.

  npx pages-keeper doctor        asks the API, changes nothing, says what would be deleted and built; needs no project
  npx pages-keeper init DIR      writes a project into DIR: a handful of small files, the Worker is a dependency
  npx pages-keeper share         prints a link that shows one project without a log-in
  npx pages-keeper --version

Each command says more with --help.`;

/** A command: takes its arguments, gives its exit code. */
type Command = (args: readonly string[]) => Promise<number> | number;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('../doctor/doctor.ts')).doctor,
  init: async () => (await import('./init.ts')).init,
  share: async () => (await import('../share/share.ts')).share,
};

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
  if (['--version', '-v'].includes(name)) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return (await load())(args);
  const isHelp = ['--help', '-h', 'help'].includes(name);
  process[isHelp ? 'stdout' : 'stderr'].write(
    `${isHelp ? '' : `${name} is none of the commands.\n\n`}${USAGE}\n`,
  );
  return isHelp ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
