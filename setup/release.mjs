// Makes the next version of what the changesets say: package.json, its lock file, the version that pages and JSON name, and the one
// that a new project depends on. Commits nothing.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {(...args: string[]) => void} */
function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** @type {(file: string, pattern: RegExp, version: string) => void} */
function write(file, pattern, version) {
  const path = join(ROOT, file);
  const text = readFileSync(path, 'utf8');
  if (!pattern.test(text)) throw new Error(`${file} names no version`);
  writeFileSync(path, text.replace(pattern, `$1${version}$2`));
}

node('setup/run.mjs', 'changeset', 'version');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
write('src/version.ts', /(VERSION = ')[^']*(')/, version);
write('template/package.json', /("pages-keeper": ")[^"]*(")/, version);
write('package-lock.json', /("name": "pages-keeper",\n\s*"version": ")[^"]*(")/, version);
write(
  'package-lock.json',
  /("packages": \{\n\s*"": \{\n\s*"name": "pages-keeper",\n\s*"version": ")[^"]*(")/,
  version,
);
