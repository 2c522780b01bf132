// What `prepare` does: builds the package, JavaScript and declarations, into dist/. npm runs it where it packs the package or fetches
// it from Git, and after every `npm install` in a clone. Does nothing and ends well where the compiler is missing.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** A declaration names another by what it describes, `./x.js`: whoever reads it may not take a name in `.ts`. */
function nameJavaScript(/** @type {string} */ folder) {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/((?:from |import\()['"]\.[^'"]*)\.ts(?=['"])/g, '$1.js'));
  }
}

if (existsSync(TSC)) {
  // What was built of a file that is no more must not be packed.
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  const args = [TSC, '-p', join(ROOT, 'setup/package.tsconfig.json')];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
  nameJavaScript(join(ROOT, 'dist'));
}
