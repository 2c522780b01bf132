// The settings of somebody who has no project yet: the rules that a new one begins with, and whatever shows the account, from
// .dev.vars, the environment or the terminal. Stores nothing.

import { join } from 'node:path';
import { PACKAGE } from '../cli/package.ts';
import { readConfig } from '../src/config/config.ts';
import { SECRETS } from '../src/config/names.ts';
import { isRecord, record } from '../src/object.ts';
import { isApiError } from '../src/pages-api/errors.ts';
import { clean } from '../src/words/text.ts';
import { createDoctorApi, type DoctorApiOptions } from './api.ts';
import type { Ask } from './prompt.ts';
import { readSettings, type Settings } from './settings.ts';

/** Where the answers come from. `fetch` must be one that only reads. */
export interface Stranger extends Omit<DoctorApiOptions, 'config'> {
  readonly vars: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly ask: Ask;
  readonly say: (line: string) => void;
  readonly hide: (values: readonly unknown[]) => void;
}

// Only what shows the account: any other setting in the environment is some other program's.
const ACCOUNT = [
  'CLOUDFLARE_ACCOUNT_ID',
  'CLOUDFLARE_API_TOKEN',
  'CLOUDFLARE_EMAIL',
  'CLOUDFLARE_API_KEY',
  'CLOUDFLARE_API_BASE_URL',
];
const TOKEN_QUESTION =
  'An API token with the permission Account · Cloudflare Pages · Read (it is not shown, and not stored): ';
const ID_QUESTION = 'The id of your account (the dashboard has it in its address): ';

/** Gathers the settings. What is still missing is left out, for `readConfig` to say so. Throws `UnreadableSettings`. */
export async function strangersSettings(stranger: Stranger): Promise<Settings> {
  const { vars, environment, ask, say, hide } = stranger;
  const settings = readSettings({ config: join(PACKAGE, 'template/wrangler.jsonc'), vars, env: null });
  say(
    'No wrangler configuration here, so by the rules that a new project begins with: what is older than 30 days goes, the newest 10 of a branch stay.',
  );
  const env: Record<string, unknown> = { ...settings.env };
  for (const name of ACCOUNT) env[name] ||= environment[name];
  // A token beside an e-mail and a key is an error only where one has written down both.
  if (env.CLOUDFLARE_API_TOKEN) for (const name of ['CLOUDFLARE_EMAIL', 'CLOUDFLARE_API_KEY']) env[name] = '';
  if (!env.CLOUDFLARE_API_TOKEN && !env.CLOUDFLARE_API_KEY)
    env.CLOUDFLARE_API_TOKEN = (await ask(TOKEN_QUESTION, 'hidden')) ?? '';
  hide(SECRETS.map((name) => env[name]));
  if (!env.CLOUDFLARE_ACCOUNT_ID && (env.CLOUDFLARE_API_TOKEN || env.CLOUDFLARE_API_KEY))
    env.CLOUDFLARE_ACCOUNT_ID = await findAccount(stranger, env);
  return { ...settings, env, missing: null };
}

/** The account that the token is for, if it says so and there is one; else whoever is at the terminal is asked. */
async function findAccount(stranger: Stranger, env: Readonly<Record<string, unknown>>): Promise<string> {
  const { ask, say } = stranger;
  const accounts = await accountsOf(stranger, env);
  const [only] = accounts;
  if (accounts.length === 1 && only !== undefined) {
    say(`The token is for one account: ${only.name} (${only.id}).`);
    return only.id;
  }
  if (accounts.length > 1) {
    say(
      ['The token is for several accounts:', ...accounts.map(({ id, name }) => `  ${id}  ${name}`)].join(
        '\n',
      ),
    );
  }
  return (await ask(ID_QUESTION, 'shown')) ?? '';
}

/** The accounts that the API shows to this token; none where it may not see them. Throws only where nothing more may be asked. */
async function accountsOf(
  stranger: Stranger,
  env: Readonly<Record<string, unknown>>,
): Promise<{ id: string; name: string }[]> {
  // Its own id is not known yet, and the list of accounts needs none.
  const config = readConfig({ ...env, CLOUDFLARE_ACCOUNT_ID: 'unknown' });
  const api = createDoctorApi({ ...stranger, config });
  try {
    const listed = await api.get('/accounts?per_page=50');
    return (Array.isArray(listed) ? listed : []).filter(isRecord).flatMap((account) => {
      const { id, name } = record(account);
      if (typeof id !== 'string' || !/^[0-9a-zA-Z_-]{1,32}$/.test(id)) return [];
      return [{ id, name: clean(String(name ?? '')) }];
    });
  } catch (error) {
    if (!isApiError(error) || error.kind === 'blocked') throw error;
    return [];
  }
}
