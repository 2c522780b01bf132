// A copy of the repository in a temporary folder, as a user has it who has settings and secrets of their own: planted ones.
// Everything but what git ignores; what is installed is the same, by links.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PACKAGES } from '../../setup/commands.mjs';

const ROOT = join(import.meta.dirname, '../..');
const LEFT_OUT = /^(node_modules|\.git|\.wrangler|\.installing|(\.dev\.vars|\.env)(?!\.example).*)$/;

/** What must never be printed, sent or shown. Looks like a token. */
export const CANARY = 'v1.0-canary-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA_users-own';

/** What a user keeps in .dev.vars, and, against all advice, in .env. */
const DEV_VARS = `CLOUDFLARE_ACCOUNT_ID=0123456789abcdef0123456789abcdef
CLOUDFLARE_API_TOKEN=${CANARY}
DRY_RUN=true
STATUS_PAGE=password
STATUS_PASSWORD=${CANARY}
RULES=[]
`;

/** Every name there is, none with the value that is shipped; and one that nobody knows. */
const SETTINGS = `
[triggers]
crons = ["*/30 * * * *", "15 3 * * SUN"]

[vars]
CLOUDFLARE_ACCOUNT_ID = "0123456789abcdef0123456789abcdef"
CLOUDFLARE_EMAIL = "someone@example.com"
DRY_RUN = false
MAX_DELETES_PER_RUN = 500
REBUILDS_PER_MONTH = "400"
NOTIFY_URL = "https://hooks.example.invalid/keeper"
STATUS_PAGE = "access"
ACCESS_TEAM_DOMAIN = "acme.cloudflareaccess.com"
ACCESS_AUD = "0123456789abcdef"
SOMETHING_ELSE = { nested = [1, 2] }

[[vars.RULES]]
projects = ["shop", "docs-*", "!docs-old"]
show = false
rebuild = { branch = "release", ifOlderThanMinutes = 55, cron = "*/30 * * * *" }

[[vars.RULES]]
projects = ["*"]
prune = [
  { environment = "production", olderThanDays = 90, keepLatest = 20 },
  { environment = "preview", olderThanDays = 7, staleBranchesAfterDays = 14 },
]
`;

export interface Copy {
  readonly folder: string;
  /** The folder for temporary files of whatever runs in the copy. */
  readonly temporary: string;
  remove(): void;
}

/** Copies the repository, changes every setting in its wrangler.toml, and plants a .dev.vars and a .env. */
export function copyRepository(): Copy {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'pages-keeper-copy-')));
  const [folder, temporary] = [join(top, 'repository'), mkdtempSync(join(top, 'tmp-'))];
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (source) => source === ROOT || !LEFT_OUT.test(basename(source)),
  });
  for (const installed of [...Object.keys(PACKAGES), 'setup/node']) {
    const modules = join(installed, 'node_modules');
    if (existsSync(join(ROOT, modules))) symlinkSync(join(ROOT, modules), join(folder, modules), 'dir');
  }
  // The tests' own file has the part that is no setting; whoever runs this may have edited the other one.
  const unset = readFileSync(join(folder, 'test/wrangler.toml'), 'utf8');
  writeFileSync(join(folder, 'wrangler.toml'), unset.replace('"../src/', '"src/') + SETTINGS);
  for (const name of ['.dev.vars', '.env']) writeFileSync(join(folder, name), DEV_VARS);
  return { folder, temporary, remove: () => rmSync(top, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A command that runs in a copy. */
export interface Running {
  readonly child: ChildProcess;
  readonly printed: () => string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  /** The command lines of the processes that it started and that are still there. Linux only; elsewhere none is seen. */
  readonly left: () => string[];
  /** Ends whatever is left, for a test that failed. */
  readonly clean: () => void;
}

/** Runs a command in a copy, in a process group of its own, as a terminal would; a user's credentials are in its environment. */
export function run(copy: Copy, command: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const mark = `PAGES_KEEPER_E2E=${crypto.randomUUID()}`;
  const [name = '', ...args] = command;
  const child = spawn(name, args, {
    cwd: copy.folder,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{
        TMPDIR: copy.temporary,
        CLOUDFLARE_API_TOKEN: CANARY,
        CF_API_TOKEN: CANARY,
        [mark.slice(0, 16)]: mark.slice(17),
      },
      ...env,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (data: string) => {
      text += data;
    });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const clean = () => {
    for (const { pid } of marked(mark)) process.kill(pid, 'SIGKILL');
  };
  return { child, printed: () => text, ended, left: () => marked(mark).map(({ line }) => line), clean };
}

function marked(mark: string): { pid: number; line: string }[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return environment.includes(mark) ? [{ pid: Number(pid), line }] : [];
      } catch {
        // It has ended meanwhile, or is another user's.
        return [];
      }
    });
}
