// What every npm script calls: it installs what is missing, once, and runs the command as it was typed.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../e2e/dev-worker.ts';
import { LOCK, Project } from './project.ts';

let project: Project;

beforeEach(() => {
  project = new Project();
});
afterEach(() => project.remove());

const said = (out: string) => JSON.parse(out) as Record<string, string> & { args: string[] };

describe('a command', () => {
  test('gets what was typed behind it, and its exit code is ours', async () => {
    const { code, out } = await project.run(['hello', '--list', 'two words'], { END: '3' });
    expect([code, said(out).args]).toEqual([3, ['given', '--list', 'two words']]);
  });

  test('has a folder of its own for temporary files, which goes with it', async () => {
    const { out } = await project.run(['hello']);
    expect(dirname(said(out).TMPDIR ?? '')).toBe(project.temporary);
    expect(readdirSync(project.temporary)).toEqual([]);
  });

  test('stops at the first step that fails', async () => {
    project.write('step.mjs', 'process.exitCode = 5;');
    expect(await project.run(['hello'])).toMatchObject({ code: 5, out: '' });
  });

  test('that is none is told, with those that there are', async () => {
    const { code, err } = await project.run(['helo']);
    expect([code, err]).toEqual([1, 'helo is none of the commands: hello, more, stay.\n']);
  });

  // A home below a file is one that nobody can write to, whoever they are.
  test('where nothing can be written at home, keeps nothing there', async () => {
    const { code, out } = await project.run(['hello'], {
      HOME: '/dev/null/home',
      XDG_CONFIG_HOME: undefined,
      npm_config_cache: undefined,
    });
    const { XDG_CONFIG_HOME, npm_config_cache, TMPDIR } = said(out);
    expect([code, XDG_CONFIG_HOME]).toEqual([0, `${project.folder}/.wrangler/home`]);
    expect(npm_config_cache).toBe(`${TMPDIR}/npm`);
  });

  test('where no temporary file can be written, keeps them in the project, and leaves none', async () => {
    const { code, out } = await project.run(['hello'], { TMPDIR: '/dev/null/tmp' });
    expect([code, dirname(said(out).TMPDIR ?? '')]).toEqual([0, `${project.folder}/.wrangler/tmp`]);
    expect(readdirSync(`${project.folder}/.wrangler/tmp`)).toEqual([]);
  });

  test('is ended when we are, and has time to put things away', async () => {
    const { child, out, ended } = project.start(['stay']);
    await until('it is here', () => out().includes('here'));
    child.kill('SIGTERM');
    expect([await ended, out()]).toEqual([0, 'here\nput away\n']);
  });

  test.skipIf(process.platform === 'win32')('is ended when npm is killed, which tells nobody', async () => {
    const { child, out, ended } = project.startByShell(['stay']);
    await until('it is here', () => out().includes('here'));
    child.kill('SIGKILL');
    await ended;
    expect(out()).toBe('here\nput away\n');
  });
});

describe('packages', () => {
  test('are installed once, visibly, whatever npm is set to leave out', async () => {
    const first = await project.run(['hello'], { NODE_ENV: 'production', npm_config_omit: 'dev' });
    expect([first.code, first.err]).toEqual([0, 'Installing the packages, once:\nadded 1 package\n']);
    expect(await project.run(['hello'])).toMatchObject({ code: 0, err: '' });
    const [asked, ...more] = project.asked();
    expect([asked?.folder, more]).toEqual([project.folder, []]);
    expect(asked?.args[0]).toBe('ci');
    for (const argument of ['--include=dev', '--include=optional', '--ignore-scripts'])
      expect(asked?.args).toContain(argument);
  });

  test('are installed where a command needs them only', async () => {
    await project.run(['hello']);
    expect(project.has('more/node_modules')).toBe(false);
    await project.run(['more']);
    expect(project.asked().map(({ folder }) => folder)).toEqual([project.folder, `${project.folder}/more`]);
  });

  test('are installed again when the lock file is another one', async () => {
    await project.run(['hello']);
    project.lock('.', { packages: { '': {}, 'node_modules/one': { version: '1.0.1' } } });
    await project.run(['hello']);
    await project.run(['hello']);
    expect(project.asked()).toHaveLength(2);
  });

  test('that somebody installed by hand are taken as they are, if none is missing', async () => {
    project.write(
      'package-lock.json',
      '{"packages":{"":{},"node_modules/one":{"version":"1.0.0","dev":true}}}',
    );
    mkdirSync(`${project.folder}/node_modules`);
    project.write('node_modules/.package-lock.json', '{"packages":{"node_modules/one":{"version":"1.0.0"}}}');
    await project.run(['hello']);
    expect(project.asked()).toEqual([]);
    // As `npm ci --omit=dev` leaves it.
    project.write('node_modules/.package-lock.json', '{"packages":{}}');
    rmSync(`${project.folder}/node_modules/.pages-keeper`);
    await project.run(['hello']);
    expect(project.asked()).toHaveLength(1);
  });

  test('that npm could not install stop the command, with npm’s own words and exit code', async () => {
    const { code, out, err } = await project.run(['hello'], { NPM: 'fails' });
    expect([code, out]).toEqual([7, '']);
    expect(err).toContain(
      'npm error code ENOTFOUND\nnpm could not install the packages: see above. Nothing was started.\n',
    );
    // And are tried again.
    expect(await project.run(['hello'])).toMatchObject({ code: 0 });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'are given up on %s at once, and installed anew the next time',
    async (signal) => {
      const { child, err, out, ended } = project.start(['hello'], { NPM: 'hangs' });
      await until('npm is at it', () => err().includes('installing'));
      child.kill(signal);
      expect([await ended, out()]).toEqual([130, '']);
      expect(project.has('.installing')).toBe(false);
      expect(await project.run(['hello'])).toMatchObject({ code: 0 });
      expect(project.asked()).toHaveLength(2);
    },
  );

  test('are not taken for whole because an earlier install was', async () => {
    await project.run(['hello']);
    project.lock('.', { packages: { '': {}, 'node_modules/one': { version: '1.0.1' } } });
    const { child, err, ended } = project.start(['hello'], { NPM: 'hangs' });
    await until('npm is at it', () => err().includes('installing'));
    child.kill('SIGTERM');
    await ended;
    project.lock('.', LOCK);
    await project.run(['hello']);
    expect(project.asked()).toHaveLength(3);
  });

  test('are installed once by two commands that start at the same time', async () => {
    const first = project.start(['hello'], { NPM: 'waits' });
    await until('npm is at it', () => first.err().includes('installing'));
    const second = project.start(['hello']);
    await until(
      'the other one waits',
      () => second.err() === 'Another command is at it already; waiting for it.\n',
    );
    project.write('../go', '');
    expect([await first.ended, await second.ended]).toEqual([0, 0]);
    expect(project.asked()).toHaveLength(1);
  });

  test('are installed although somebody was killed at it, and left the lock', async () => {
    const { pid } = project.start(['hello']).child;
    project.write('.installing', String(2 ** 22 + (pid ?? 0)));
    expect(await project.run(['hello'])).toMatchObject({ code: 0 });
  });
});
