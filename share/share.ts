// `npm run share`: prints a link to one project's page that ends by itself. Asks nobody and stores nothing: the link is signed
// with SHARE_KEY from .dev.vars, which must be the Worker's own.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';
import { readEntrances } from '../src/config/door.ts';
import { endOf, sharePath } from '../src/web/auth/share.ts';
import { utc } from '../src/words/time.ts';

const ROOT = join(import.meta.dirname, '..');

const USAGE = `Prints a link that shows one project, and nothing else, to whoever has it.

  npm run share -- --project docs --until 2027-01-01
  npm run share -- --project docs --until 2027-01-01 --url https://pages-keeper.example.workers.dev
  npm run share -- --project docs --until 2027-01-01 --vars FILE    reads SHARE_KEY from FILE instead of .dev.vars

It works with every STATUS_PAGE, closed included. It ends at 00:00 UTC of that day; all links end when SHARE_KEY changes.`;

const OPTIONS = {
  project: { type: 'string' },
  until: { type: 'string' },
  url: { type: 'string', default: '' },
  vars: { type: 'string', default: join(ROOT, '.dev.vars') },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What is missing, and a key to begin with. */
function noKey(file: string): string[] {
  return [
    `No SHARE_KEY of 32 characters or more in ${file}.`,
    'Make one, and give it to the Worker and to this command:',
    '',
    `  echo 'SHARE_KEY=${randomBytes(32).toString('base64url')}' >> .dev.vars`,
    '  npx wrangler secret put SHARE_KEY        (paste the same)',
  ];
}

function readKey(file: string): string | null {
  try {
    return readEntrances(parseEnv(readFileSync(file, 'utf8'))).shareKey;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function main(args: string[]): Promise<{ lines: string[]; code: 0 | 1 }> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const { project, until, url, vars } = values;
  if (values.help) return { lines: [USAGE], code: 0 };
  if (project === undefined || until === undefined) return { lines: [USAGE], code: 1 };
  const end = endOf(until);
  if (end === null) return { lines: [`--until: must be a date such as 2027-01-01; got ${until}`], code: 1 };
  if (end <= Date.now()) return { lines: [`--until: ${until} is over: the link would not work`], code: 1 };
  const key = readKey(vars);
  if (key === null) return { lines: noKey(vars), code: 1 };
  const path = await sharePath(key, project, until);
  const where = url === '' ? ['(put it behind the Worker’s URL, or give --url)'] : [];
  return {
    lines: [`${url.replace(/\/+$/, '')}${path}`, ...where, `Shows ${project} until ${utc(end)}.`],
    code: 0,
  };
}

try {
  const { lines, code } = await main(process.argv.slice(2));
  process[code === 0 ? 'stdout' : 'stderr'].write(`${lines.join('\n')}\n`);
  process.exitCode = code;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
  process.exitCode = 1;
}
