// A small project with the launcher in it, in a folder of its own with spaces and umlauts, and an npm that only says what it did.

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SETUP = join(import.meta.dirname, '../../setup');

/** `hello` says what it was given, and ends as it is told; `stay` stays until it is ended. */
const COMMANDS = `export const PACKAGES = { '.': 'the packages', more: 'more of them' };
export const COMMANDS = {
  hello: { needs: ['.'], steps: [{ file: 'step.mjs', args: [] }, { file: 'hello.mjs', args: ['given'] }] },
  more: { needs: ['.', 'more'], steps: [{ file: 'step.mjs', args: [] }] },
  stay: { needs: [], steps: [{ file: 'stay.mjs', args: [] }] },
};`;

const HELLO = `import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
writeFileSync(join(process.env.TMPDIR, 'left'), '');
const { env, execPath, argv } = process;
const { TMPDIR, XDG_CONFIG_HOME, npm_config_cache } = env;
console.log(JSON.stringify({ args: argv.slice(2), execPath, PATH: env.PATH, TMPDIR, XDG_CONFIG_HOME, npm_config_cache }));
process.exitCode = Number(env.END ?? 0);`;

const STAY = `process.on('SIGTERM', () => { console.log('put away'); process.exit(0); });
console.log('here');
setInterval(() => {}, 1_000);`;

/** npm, as far as it is needed: notes what it was asked, and installs, fails, or never ends. */
const NPM = `import { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
const { NPM = 'installs', NPM_LOG, FETCHED } = process.env;
appendFileSync(NPM_LOG, JSON.stringify({ folder: process.cwd(), args: process.argv.slice(2), node: process.execPath }) + '\\n');
mkdirSync('node_modules', { recursive: true });
if (NPM === 'fails') {
  console.error('npm error code ENOTFOUND');
  process.exit(7);
}
if (NPM === 'hangs') {
  process.on('SIGTERM', () => {});
  process.on('SIGINT', () => {});
  console.log('installing');
  setInterval(() => {}, 1_000);
} else {
  if (NPM === 'waits') {
    console.log('installing');
    while (!existsSync('../go')) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
  if (FETCHED && process.cwd().endsWith('node')) cpSync(FETCHED, 'node_modules', { recursive: true });
  console.log('added 1 package');
}`;

/** Of its packages: one. */
export const LOCK = { packages: { '': {}, 'node_modules/one': { version: '1.0.0' } } };

/** A run of the launcher. */
export interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<number | null>;
}

/** What npm was asked. */
export interface Asked {
  readonly folder: string;
  readonly args: readonly string[];
  readonly node: string;
}

/** Must be removed. */
export class Project {
  readonly top: string = mkdtempSync(join(tmpdir(), 'pages-keeper-setup-'));
  readonly folder: string = join(this.top, 'Ordner für alles');
  readonly temporary: string = join(this.top, 'tmp');
  readonly #npm: string = join(this.top, 'npm-cli.js');
  readonly #log: string = join(this.top, 'npm.log');

  constructor() {
    for (const path of [this.temporary, join(this.folder, 'more')]) mkdirSync(path, { recursive: true });
    const filter = (source: string) => !source.includes('node_modules') && !source.includes('biome');
    cpSync(SETUP, join(this.folder, 'setup'), { recursive: true, filter });
    this.write('setup/commands.mjs', COMMANDS);
    this.write('step.mjs', '');
    this.write('hello.mjs', HELLO);
    this.write('stay.mjs', STAY);
    for (const folder of ['.', 'more']) this.lock(folder, LOCK);
    writeFileSync(join(this.top, 'package.json'), '{ "type": "module" }');
    writeFileSync(this.#npm, NPM);
    writeFileSync(this.#log, '');
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  lock(folder: string, lock: object): void {
    this.write(join(folder, 'package-lock.json'), JSON.stringify(lock));
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** All that npm was asked so far. */
  asked(): Asked[] {
    const lines = readFileSync(this.#log, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Asked);
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}, options: readonly string[] = []): Run {
    return this.#spawn(process.execPath, [...options, join(this.folder, 'setup/run.mjs'), ...args], env);
  }

  /** As npm does: by way of a shell, which ends without a word to anybody. */
  startByShell(args: readonly string[]): Run {
    const words = [process.execPath, join(this.folder, 'setup/run.mjs'), ...args].map((word) => `'${word}'`);
    return this.#spawn('sh', ['-c', `${words.join(' ')}; true`], {});
  }

  #spawn(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Run {
    const child = spawn(file, args, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: this.temporary, npm_execpath: this.#npm, NPM_LOG: this.#log, ...env },
    });
    const texts = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.err += text;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, out: () => texts.out, err: () => texts.err, ended };
  }

  /** Starts it and waits for its end. */
  async run(args: readonly string[], env: NodeJS.ProcessEnv = {}, options: readonly string[] = []) {
    const { ended, out, err } = this.start(args, env, options);
    return { code: await ended, out: out(), err: err() };
  }

  remove(): void {
    rmSync(this.top, { recursive: true, force: true });
  }
}
