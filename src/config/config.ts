// From what wrangler hands the Worker (`env`) to a Config, or to everything that is wrong with it.
// Pure: no fetch, no clock, no console. A new setting is one row in a table here or in config/.

import * as v from 'valibot';
import type { GitSettings } from '../git/address.ts';
import type { Credentials } from '../pages-api/send.ts';
import type { Destination } from '../policy/destinations.ts';
import type { Rule } from '../policy/rules.ts';
import { ACCOUNT, credentialProblems, credentialsOf } from './account.ts';
import { destinationsOf, namedSecrets, notifyProblems } from './destinations.ts';
import { type Entrances, readEntrances } from './door.ts';
import { type Field, field, flag, isLoopback, or, safeUrl, settings, whole } from './fields.ts';
import { GIT, gitSettingsOf, tokenProblems } from './git.ts';
import { strangeNames } from './names.ts';
import { NOTIFY } from './notify.ts';
import { ConfigError, type Problem, problemsOf, written } from './problems.ts';
import { rules } from './rules.ts';

export type { Door } from './door.ts';
export { ConfigError, type Problem } from './problems.ts';

/** A whole and valid configuration, all defaults filled in. Holds the credentials: never log or store it. */
export interface Config {
  readonly accountId: string;
  readonly credentials: Credentials;
  /** Without a trailing slash. */
  readonly apiBaseUrl: string;
  /** Whether the API is on this very machine: the simulated account. */
  readonly simulated: boolean;
  readonly rules: readonly Rule[];
  /** Changes with everything here that shapes a plan, and with nothing else. */
  readonly rulesHash: string;
  /** Plan and show, change nothing. */
  readonly dryRun: boolean;
  /** `null`: no limit. */
  readonly maxDeletesPerRun: number | null;
  /** Per calendar month, UTC; `null`: no limit. */
  readonly rebuildsPerMonth: number | null;
  /** Builds of a calendar month that the Pages plan includes: for a picture only. */
  readonly monthlyBuilds: number;
  /** Rebuilds of the Keeper's that may be under way at the same time; `null`: no limit. */
  readonly concurrentRebuilds: number | null;
  /** Who is told what happens. Their addresses are secrets. */
  readonly destinations: readonly Destination[];
  /** The Worker's own address, without a slash at its end; `null`: not known. */
  readonly publicUrl: string | null;
  /** Where the newest version is named; `null`: nobody is asked. */
  readonly updateUrl: string | null;
  /** Whether those who are known may read the end of a failed build's log. */
  readonly buildLogs: boolean;
  /** What opens Git servers, by host. */
  readonly git: GitSettings;
  /** What is set and read by nobody, a sentence each. */
  readonly warnings: readonly string[];
  /** Name of the Keeper object, `account@host[:port]`: simulated and real data never mix. */
  readonly keeperName: string;
}

const publicUrl: Field<string> = field("the Worker's own address, https and without a path", (given) => {
  const url = safeUrl(given);
  return url !== null && url.href === `${url.origin}/` ? url.origin : undefined;
});

const updateUrl: Field<string> = field(
  'an https URL that answers with a version',
  (given) => safeUrl(given)?.href,
);

const RULES = { RULES: or(rules, []) };

const SETTINGS = settings({
  ...ACCOUNT,
  ...RULES,
  DRY_RUN: or(flag, true),
  MAX_DELETES_PER_RUN: or(whole(1), null),
  REBUILDS_PER_MONTH: or(whole(0), null),
  CONCURRENT_REBUILDS: or(whole(1), null),
  MONTHLY_BUILDS: or(whole(1), 500),
  PUBLIC_URL: or(publicUrl, null),
  UPDATE_URL: or(updateUrl, null),
  BUILD_LOGS: or(flag, false),
  ...NOTIFY,
  ...GIT,
});

/** Everything that `env` sets, read once. The entrances hold when the rest is broken. */
export interface Settings extends Entrances {
  /** `null`: it is broken, and `problems` says how. */
  readonly config: Config | null;
}

/** Reads `env`. Never throws; `problems` holds all that is wrong, with the entrances too. */
export function readSettings(env: Readonly<Record<string, unknown>>): Settings {
  const result = v.safeParse(SETTINGS, env);
  const entrances = readEntrances(env);
  const problems = [
    ...(result.success ? [] : problemsOf(result.issues, env, namedSecrets(env))),
    ...credentialProblems(env),
    ...notifyProblems(env),
    ...(result.success ? tokenProblems(result.output) : []),
    ...nameProblems(env),
    ...entrances.problems,
  ];
  const config = result.success && problems.length === 0 ? configOf(result.output, env) : null;
  return { ...entrances, problems, config };
}

// What was read of each `env`.
const READ = new WeakMap<object, Settings>();

/**
 * The same, read once for each `env` and then remembered: five hundred rules take longer than a page. For those that nobody
 * changes, as a Worker's own, which comes anew with each isolate.
 */
export function settingsOnce(env: Readonly<Record<string, unknown>>): Settings {
  const settings = READ.get(env) ?? readSettings(env);
  READ.set(env, settings);
  return settings;
}

function wholeConfig({ config, problems }: Settings): Config {
  if (config === null) throw new ConfigError(problems);
  return config;
}

/** Reads `env`. Throws one `ConfigError` with all problems, those of the status page's door included. */
export const readConfig = (env: Readonly<Record<string, unknown>>): Config => wholeConfig(readSettings(env));

/** The same of `settingsOnce`. */
export const configOnce = (env: Readonly<Record<string, unknown>>): Config => wholeConfig(settingsOnce(env));

function configOf(set: v.InferOutput<typeof SETTINGS>, env: Readonly<Record<string, unknown>>): Config {
  const api = set.CLOUDFLARE_API_BASE_URL;
  return {
    accountId: set.CLOUDFLARE_ACCOUNT_ID,
    credentials: credentialsOf(set),
    apiBaseUrl: api.href.replace(/\/+$/, ''),
    simulated: isLoopback(api),
    rules: set.RULES,
    rulesHash: hash(JSON.stringify([set.RULES, set.MAX_DELETES_PER_RUN])),
    dryRun: set.DRY_RUN,
    maxDeletesPerRun: set.MAX_DELETES_PER_RUN,
    rebuildsPerMonth: set.REBUILDS_PER_MONTH,
    concurrentRebuilds: set.CONCURRENT_REBUILDS,
    monthlyBuilds: set.MONTHLY_BUILDS,
    git: gitSettingsOf(set),
    destinations: destinationsOf(set, env),
    publicUrl: set.PUBLIC_URL,
    updateUrl: set.UPDATE_URL,
    buildLogs: set.BUILD_LOGS,
    warnings: strangeNames(env, namedSecrets(env)).map(
      ({ name }) => `${written([name])} is no setting of ours: nothing reads it.`,
    ),
    keeperName: `${set.CLOUDFLARE_ACCOUNT_ID}@${api.host}`,
  };
}

/** Names that are nearly ours: a slip of the pen, so what was meant is not set. */
function nameProblems(env: Readonly<Record<string, unknown>>): Problem[] {
  return strangeNames(env, namedSecrets(env)).flatMap(({ name, meant }) =>
    meant === null ? [] : [{ path: written([name]), message: `is not known; did you mean ${meant}?` }],
  );
}

/** Only the rules; `null` where they are not valid. */
export function readRules(env: Readonly<Record<string, unknown>>): readonly Rule[] | null {
  const result = v.safeParse(settings(RULES), env);
  return result.success ? result.output.RULES : null;
}

// FNV-1a over UTF-16 code units, twice from two starting points: 64 bits. Tells apart, keeps no secret. The JSON is
// canonical: the schema, not the user, orders the fields.
function hash(text: string): string {
  let one = 0x811c9dc5;
  let two = 0x050c5d1f;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ unit, 0x01000193);
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
