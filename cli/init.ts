// `npx pages-keeper init DIR`: writes a project into a folder, from template/. Never over a file; asks nobody, installs nothing.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { record } from '../src/object.ts';
import { VERSION } from '../src/version.ts';
import { PACKAGE } from './package.ts';

const USAGE = `Writes a project into a folder: a handful of small files, of which none is ever written over.

  npx pages-keeper init DIR

Then, in that folder: npm install, npx pages-keeper doctor, npm run deploy. README.md there says the rest.`;

const TEMPLATE = join(PACKAGE, 'template');

/** What to do about a file of the template: npm packs none that is called .gitignore. */
const nameOf = (file: string) => (file === 'gitignore' ? '.gitignore' : file);

function filesOfTemplate(): string[] {
  return (
    readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(TEMPLATE, join(entry.parentPath, entry.name)))
      // What `npm install` and wrangler leave in a template that somebody has tried in a clone.
      .filter(
        (file) => !/^(node_modules|\.wrangler|package-lock\.json|worker-configuration\.d\.ts)/.test(file),
      )
      .sort()
  );
}

/**
 * What the new project depends on: the version, where this package came from a registry; else the very file, folder or Git
 * address that it came from, as npm noted it when it installed it.
 */
export function addressOf(folder: string): string {
  const modules = dirname(folder);
  const note = join(modules, '.package-lock.json');
  if (!existsSync(note)) return `file:${folder}`;
  const { packages } = record(JSON.parse(readFileSync(note, 'utf8')));
  const { resolved, link } = record(record(packages)['node_modules/pages-keeper']);
  if (typeof resolved !== 'string') return VERSION;
  // A link's address has no scheme: it is a folder.
  if (link === true) return `file:${resolve(dirname(modules), resolved)}`;
  if (resolved.startsWith('file:'))
    return `file:${resolve(dirname(modules), resolved.slice('file:'.length))}`;
  return resolved.startsWith('git') ? resolved : VERSION;
}

/** package.json of the new project, with the address of this package in it. */
function manifest(text: string): string {
  return text.replace(/("pages-keeper": )"[^"]*"/, (_, key) => `${key}${JSON.stringify(addressOf(PACKAGE))}`);
}

/** The command. Gives the exit code. */
export function init(args: readonly string[]): number {
  let folder: string;
  try {
    const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [named, ...more] = positionals;
    if (values.help || named === undefined || more.length > 0) {
      process[values.help ? 'stdout' : 'stderr'].write(`${USAGE}\n`);
      return values.help ? 0 : 1;
    }
    folder = named;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    return 1;
  }
  return write(folder);
}

function write(folder: string): number {
  const files = filesOfTemplate();
  const there = files.map(nameOf).filter((file) => existsSync(join(folder, file)));
  if (there.length > 0) {
    process.stderr.write(`${folder} has ${there.join(', ')} already: nothing was written.\n`);
    return 1;
  }
  for (const file of files) {
    const target = join(folder, nameOf(file));
    const text = readFileSync(join(TEMPLATE, file), 'utf8');
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file === 'package.json' ? manifest(text) : text, { flag: 'wx' });
  }
  const lines = files.map((file) => `  ${join(folder, nameOf(file))}`);
  process.stdout.write(
    `${['Written:', ...lines, '', 'Next:', `  cd ${folder}`, '  npm install', '  npx pages-keeper doctor'].join('\n')}\n`,
  );
  return 0;
}
