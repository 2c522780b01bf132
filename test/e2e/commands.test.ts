// The commands of the prose that no other test runs, as they stand there: test/architecture/commands.ts says which. In a copy of
// the repository, and on a simulated account: none of them reaches a real one.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quietEnvironment } from '../../simulator/dev.ts';
import { type Served, serve } from '../../simulator/server.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { commands } from '../architecture/prose.ts';
import { type Copy, copyRepository, type Running, run } from './copy.ts';
import { freePort, until } from './dev-worker.ts';

const WRANGLER = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js');
const DAY = 86_400_000;
const typed = [...new Set(commands().map(({ text }) => text))];

let copy: Copy;

beforeAll(() => {
  copy = copyRepository();
});

afterAll(() => copy.remove());

async function passes(...command: string[]): Promise<void> {
  const { ended, printed, clean } = run(copy, command);
  const code = await ended;
  clean();
  expect(code, printed()).toBe(0);
}

test('npm ci and npm install find a package-lock.json that fits', async () => {
  await passes('npm', 'ci', '--dry-run', '--ignore-scripts', '--offline');
});

test.each(['format', 'schema'])('npm run %s leaves the schema of RULES as it is', async (script) => {
  const file = join(copy.folder, 'docs/rules.schema.json');
  const before = readFileSync(file, 'utf8');
  await passes('npm', 'run', script);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('npm run wrangler is wrangler', async () => {
  await passes('npm', 'run', 'wrangler', '--', 'secret', 'put', '--help');
});

describe.concurrent('wrangler knows', () => {
  // One name is as good as another.
  const named = typed.flatMap(
    (command) => /^(?:npx )?wrangler (.*)/.exec(command)?.[1]?.replace(/ (?:[A-Z_]+|…)$/, ' NAME') ?? [],
  );

  // Usage as in `wrangler secret put <key>`: what it prints of an unknown subcommand is that of the one above.
  test.for([...new Set(named)])('%s', async (command, { expect }) => {
    const words = command.split(' ');
    const plain = words.filter((word) => !word.startsWith('-'));
    const child = spawn(process.execPath, [WRANGLER, ...words, '--help'], {
      cwd: tmpdir(),
      env: quietEnvironment(process.env),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let help = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      help += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code, help).toBe(0);
    const usage = /^wrangler (.*)/m.exec(help)?.[1]?.split(' ') ?? [];
    const fixed = usage.filter((word) => /^[a-z]/.test(word));
    const needed = usage.filter((word) => word.startsWith('<'));
    expect(plain.slice(0, fixed.length)).toEqual(fixed);
    const given = plain.length - fixed.length;
    expect(given).toBeGreaterThanOrEqual(needed.length);
    expect(given).toBeLessThanOrEqual(usage.length - fixed.length);
    for (const option of words.filter((word) => word.startsWith('--')))
      expect(help).toContain(option.replace(/=.*/, ' '));
  });
});

describe('npm run dev', () => {
  const simulator = new Simulator({ limit: null });
  let served: Served;
  let dev: Running;
  let url = '';

  beforeAll(async () => {
    served = await serve(simulator);
    const docs = simulator.account.addProject({ name: 'docs' });
    for (const age of [60, 50, 40]) docs.add({ createdAt: Date.now() - age * DAY });
    docs.add({ createdAt: Date.now() - DAY, branch: 'feat/x' });
    const shop = simulator.account.addProject({ name: 'shop' });
    shop.add({ createdAt: Date.now() - 2 * DAY });
    shop.add({ createdAt: Date.now() - DAY, outcome: 'failure' });
    // All of it live, but for what the command itself adds.
    const settings = {
      CLOUDFLARE_ACCOUNT_ID: 'account',
      CLOUDFLARE_API_TOKEN: 'test-token',
      CLOUDFLARE_API_BASE_URL: served.baseUrl,
      CLOUDFLARE_EMAIL: '',
      DRY_RUN: 'false',
      STATUS_PAGE: 'public',
      RULES: '[{"projects":["*"],"rebuild":{},"prune":{"olderThanDays":30}}]',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
    writeFileSync(join(copy.folder, '.dev.vars'), lines.join(''));
    dev = run(copy, ['npm', 'run', 'dev', '--', '--port', await freePort()], {
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    });
    const ready = () => /Ready on (http:\/\/localhost:\d+)/.exec(dev.printed());
    const ended = dev.ended.then((code) => {
      throw new Error(`npm run dev ended with ${code}:\n${dev.printed()}`);
    });
    await Promise.race([until('wrangler is ready', () => ready() !== null), ended]);
    ended.catch(() => {});
    url = ready()?.[1] ?? '';
  });

  afterAll(async () => {
    // As Ctrl-C does: everyone in the foreground gets it.
    process.kill(-(dev.child.pid ?? 0), 'SIGINT');
    try {
      await until('all of it has ended', () => dev.left().length === 0);
    } finally {
      dev.clean();
      await served.close();
    }
  });

  const hasTools = ['curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);

  /** As it is typed where there are curl and jq; without them the address alone. */
  async function curl(command: string): Promise<string> {
    const here = command.replaceAll(/https:\/\/KEEPER|http:\/\/localhost:8787/g, url);
    const address = new RegExp(`${url}[^' ]*`).exec(here)?.[0] ?? '';
    const response = await fetch(address, { redirect: 'manual' });
    expect([200, 302], here).toContain(response.status);
    if (!hasTools) return response.headers.get('location') ?? response.text();
    const { status, stdout, stderr } = spawnSync('sh', ['-c', here], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    return stdout.trim();
  }

  const curls = typed.filter((command) => command.startsWith('curl '));
  const ticks = curls.filter((command) => command.includes('/cdn-cgi/handler/scheduled'));
  const hooks = curls.filter((command) => command.includes('/hooks/'));
  const asks = curls.filter((command) => !ticks.includes(command) && !hooks.includes(command));

  test.each(ticks)('%s is a tick, and changes nothing', async (command) => {
    expect(await curl(command)).toBe('ok');
    const response = await fetch(`${url}/runs.json`);
    // It was asked for twice, and each minute has a run of its own.
    const { runs } = (await response.json()) as { runs: unknown[] };
    expect(runs[0]).toMatchObject({ cron: '0 * * * *', dryRun: true });
    expect(simulator.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  // No key is set here: the request is understood, and it starts nothing.
  test.each(hooks)('%s asks for a build, and is refused without the key', async (command) => {
    const path = /\/hooks\/[\w-]+$/.exec(command)?.[0] ?? '';
    const headers = { Authorization: /"Authorization: (Bearer) \$HOOK_KEY"/.exec(command)?.[1] ?? '' };
    const method = /-X (\w+)/.exec(command)?.[1] ?? 'GET';
    const response = await fetch(`${url}${path}`, { method, headers });
    expect(response.status).toBe(401);
    expect(simulator.calls.filter((call) => call.method === 'POST')).toEqual([]);
  });

  test.runIf(hasTools)('“Is everything live?” names what is not', () => {
    const prose = readFileSync(join(copy.folder, 'docs/for-programs.md'), 'utf8');
    const recipe = /Is everything live\?[\s\S]*?```sh\n([\s\S]*?)```/.exec(prose)?.[1] ?? '';
    const here = recipe.replaceAll('https://KEEPER', url);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', here], { encoding: 'utf8' });
    expect([status, stdout], stderr).toEqual([0, 'shop\n']);
  });

  test.each(asks)('%s finds something', async (command) => {
    expect(await curl(command)).toMatch(/^(?!null$)./);
  });
});
