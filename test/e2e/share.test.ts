// `npm run share` as a user types it, and the link that it prints in a Worker whose page is closed.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { quietEnvironment } from '../../simulator/dev.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { fill, HOURLY, RULES } from './account.ts';
import { inWorld } from './dev-worker.ts';

const ROOT = join(import.meta.dirname, '../..');
const KEY = 'a-share-key-of-more-than-32-characters';
const folder = mkdtempSync(join(tmpdir(), 'pages-keeper-share-'));
const vars = join(folder, '.dev.vars');
writeFileSync(vars, `SHARE_KEY=${KEY}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

/** What it printed, and how it ended. */
async function share(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  const [command = '', ...rest] = ['npm', 'run', 'share'];
  const options = { cwd: ROOT, env: quietEnvironment(process.env) };
  try {
    const done = await promisify(execFile)(command, [...rest, '-s', '--', ...args], options);
    return { out: done.stdout, err: done.stderr, code: 0 };
  } catch (error) {
    const failed = error as { stdout: string; stderr: string; code: number };
    return { out: failed.stdout, err: failed.stderr, code: failed.code };
  }
}

test('prints a link that opens one project of a closed Worker, and no other', async () => {
  const settings = { RULES, STATUS_PAGE: 'closed', SHARE_KEY: KEY };
  const fillAccount = ({ account }: Simulator) => fill(account);
  await inWorld({ settings }, fillAccount, async (world) => {
    await world.tick(HOURLY);
    const project = world.simulator.account.projects[0]?.name ?? '';
    const { out } = await share('--project', project, '--until', '2099-01-01', '--vars', vars);
    const [path = '', , until, ...rest] = out.split('\n');
    expect(rest).toEqual(['']);
    expect(until).toBe(`Shows ${project} until 2099-01-01 00:00 UTC.`);
    const shown = await world.get(path);
    expect([shown.status, shown.text.includes(project)]).toEqual([200, true]);
    expect((await world.get(path.replace('2099', '2098'))).status).toBe(403);
    const badge = await share('--project', project, '--until', '2099-01-01', '--badge', '--vars', vars);
    const picture = await world.get(badge.out.split('\n')[0] ?? '');
    expect([picture.status, picture.text.includes(`<title>${project}: `)]).toEqual([200, true]);
    expect(badge.out).toContain('It opens nothing else.');
    expect((await world.get(`/projects/${project}`)).status).toBe(403);
  });
});

test('prints an address that has a project of a closed Worker built, and no other', async () => {
  const hookVars = join(folder, '.hook.vars');
  writeFileSync(hookVars, `HOOK_KEY=${KEY}\n`);
  const rule = { projects: ['docs', 'blog'], rebuild: { cron: 'none', hook: true } };
  const settings = { RULES: JSON.stringify([rule]), STATUS_PAGE: 'closed', HOOK_KEY: KEY };
  const add = ({ account }: Simulator) => {
    for (const name of rule.projects) account.addProject({ name });
  };
  await inWorld({ settings }, add, async (world) => {
    await world.tick(HOURLY);
    const { out, code } = await share('--hook', '--project', 'docs', '--vars', hookVars);
    const [path = ''] = out.split('\n');
    expect([code, path.startsWith('/hooks/docs/'), out.includes('ends with HOOK_KEY alone')]).toEqual([
      0,
      true,
      true,
    ]);
    const call = async (to: string) => (await world.get(to, 'POST')).status;
    expect([await call(path), await call(path.replace('/docs/', '/blog/'))]).toEqual([202, 401]);
    expect((await share('--hook', '--project', 'docs', '--vars', vars)).code).toBe(1);
  });
});

test.each([
  [
    'dcos',
    /^Note: no rule in .*wrangler\.toml matches "dcos"\. Is that its name\? The link shows nothing\.$/m,
  ],
  ['hidden', /^Note: no rule in .*wrangler\.toml shows "hidden": show is false\. The link shows nothing\.$/m],
])('says that a link to %s shows nothing', async (project, words) => {
  const config = join(folder, 'wrangler.toml');
  const rule = (name: string) => `[[vars.RULES]]\nprojects = ["${name}"]\nshow = ${name !== 'hidden'}\n`;
  writeFileSync(config, ['docs', 'hidden'].map(rule).join(''));
  const of = (name: string) =>
    share('--project', name, '--until', '2099-01-01', '--vars', vars, '--config', config);
  const { out, code } = await of(project);
  expect(out).toMatch(words);
  expect(code).toBe(0);
  expect((await of('docs')).out).not.toContain('Note');
});

test.each([
  [
    'dcos',
    /^Note: no rule in .*wrangler\.toml matches "dcos"\. Is that its name\? The address builds nothing\.$/m,
  ],
  [
    'silent',
    /^Note: no rule in .*wrangler\.toml has "silent" built when asked for: rebuild\.hook is not true\. The address builds nothing\.$/m,
  ],
])('says that an address for %s builds nothing', async (project, words) => {
  const config = join(folder, 'wrangler.toml');
  const rule = (name: string) =>
    `[[vars.RULES]]\nprojects = ["${name}"]\nrebuild = { hook = ${name !== 'silent'} }\n`;
  writeFileSync(config, ['docs', 'silent'].map(rule).join(''));
  const hookVars = join(folder, '.hook.vars');
  writeFileSync(hookVars, `HOOK_KEY=${KEY}\n`);
  const of = (name: string) => share('--hook', '--project', name, '--vars', hookVars, '--config', config);
  const { out, code } = await of(project);
  expect(out).toMatch(words);
  expect(code).toBe(0);
  expect((await of('docs')).out).not.toContain('Note');
});

test.each<[string, string[], string]>([
  ['nothing', [], 'npm run share -- --project docs --until'],
  ['a day that is over', ['--project', 'docs', '--until', '2020-01-01', '--vars', vars], 'is over'],
  ['no date', ['--project', 'docs', '--until', 'soon', '--vars', vars], 'must be a date'],
  [
    'no key',
    ['--project', 'docs', '--until', '2099-01-01', '--vars', join(folder, 'none')],
    'secret put SHARE_KEY',
  ],
  ['an option that it does not know', ['--projct', 'docs'], "Unknown option '--projct'"],
])('with %s it says what to do, and fails', async (_, args, words) => {
  const { err, code } = await share(...args);
  expect([code, err.includes(words)]).toEqual([1, true]);
  expect(err).not.toContain(KEY);
});
