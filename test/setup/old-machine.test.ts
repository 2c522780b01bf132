// A machine whose Node is too old, or none: with this very Node, told not to read TypeScript, or to say that it is another.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchedFile } from '../../setup/node.mjs';
import { Project } from './project.ts';

const OLD = { NODE_OPTIONS: '--no-experimental-strip-types' };
let project: Project;

beforeEach(() => {
  project = new Project();
});
afterEach(() => project.remove());

/** What npm will fetch: a Node for this machine, as a script. */
function fetches(script: string): NodeJS.ProcessEnv {
  const FETCHED = join(project.top, 'fetched');
  const file = join(
    FETCHED,
    '..',
    fetchedFile(process.platform, process.arch)?.replace('node_modules', 'fetched') ?? '',
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { ...OLD, FETCHED };
}

describe.skipIf(process.platform !== 'linux')('a Node that is too old', () => {
  test('fetches one into a folder of its own, and runs npm and the command on it', async () => {
    const env = fetches(`unset NODE_OPTIONS; exec '${process.execPath}' "$@"`);
    const { code, out, err } = await project.run(['hello'], env);
    expect([code, err]).toEqual([
      0,
      expect.stringContaining('Installing a newer Node, for this folder alone'),
    ]);
    const file = join(project.folder, 'setup/node', fetchedFile(process.platform, process.arch) ?? '');
    expect(project.asked().map(({ folder }) => folder)).toEqual([
      `${project.folder}/setup/node`,
      project.folder,
    ]);
    // Whatever the command starts by its name finds it first.
    const { PATH = '' } = JSON.parse(out) as { PATH: string };
    expect(PATH.startsWith(`${dirname(file)}:`)).toBe(true);
    expect(project.has('node_modules/.bin/node')).toBe(false);
  });

  test('says which one to install where the fetched one does not start', async () => {
    const env = fetches('echo "node: error while loading shared libraries: libatomic.so.1" >&2; exit 127');
    const { code, out, err } = await project.run(['hello'], env);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /This machine's Node is [\d.]+, and what runs the Worker needs Node 24 \(or 22\.18 and newer\)\. The one that was fetched does not do \(.*libatomic\.so\.1\): install it, and try again\.\n$/,
    );
  });

  test('says so where none can be fetched', async () => {
    const { code, err } = await project.run(['hello'], { ...OLD, NPM: 'fails' });
    expect(code).toBe(1);
    expect(err).toContain('npm error code ENOTFOUND');
    expect(err).toMatch(/does not do \(npm could not fetch it: see above\): install it, and try again\.\n$/);
  });
});

describe('what cannot even begin says so in one line', () => {
  const as = (versions: object, rest = '') => [
    '--import',
    `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, ...${JSON.stringify(versions)} } });${rest}`,
  ];

  test.each([
    ['Node 18', { node: '18.20.8' }, 'This needs Node.js 20.19 or newer; this is 18.20.8.\n'],
    ['Node 20.18', { node: '20.18.3' }, 'This needs Node.js 20.19 or newer; this is 20.18.3.\n'],
    ['bun', { bun: '1.3.0' }, 'This needs Node.js: start it with npm (npm start, npm test).\n'],
    ['deno', { deno: '2.5.0' }, 'This needs Node.js: start it with npm (npm start, npm test).\n'],
  ])('%s', async (_what, versions, line) => {
    expect(await project.run(['hello'], {}, as(versions))).toEqual({ code: 1, out: '', err: line });
  });

  test('and on Node 20.19 npm is asked for a newer one', async () => {
    const { err } = await project.run(['hello'], { NPM: 'fails' }, as({ node: '20.19.0' }));
    expect(err).toContain('Installing a newer Node, for this folder alone (yours is 20.19.0)');
  });
});
