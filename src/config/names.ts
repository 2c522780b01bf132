// The names of the settings, and what to do about one that stands where it does not belong.
// Knows names only, never values.

import { isRecord } from '../object.ts';
import { NOTIFY_FIELDS } from './notify.ts';
import { RULE_FIELDS } from './rules.ts';

/** Names whose values never appear in any message. */
export const SECRETS: readonly string[] = [
  'CLOUDFLARE_API_TOKEN',
  'CLOUDFLARE_API_KEY',
  'STATUS_PASSWORD',
  'NOTIFY_URL',
  'SHARE_KEY',
  'HOOK_KEY',
  'GIT_TOKEN',
];

/** The plain variables. */
export const VARS: readonly string[] = [
  'CLOUDFLARE_ACCOUNT_ID',
  'CLOUDFLARE_EMAIL',
  'CLOUDFLARE_API_BASE_URL',
  'PUBLIC_URL',
  'UPDATE_URL',
  'NOTIFY',
  'RULES',
  'DRY_RUN',
  'MAX_DELETES_PER_RUN',
  'REBUILDS_PER_MONTH',
  'CONCURRENT_REBUILDS',
  'MONTHLY_BUILDS',
  'GITHUB_API_BASE_URL',
  'GITLAB_API_BASE_URL',
  'REBUILD_BUTTON',
  'BUILD_LOGS',
  'STATUS_PAGE',
  'ACCESS_TEAM_DOMAIN',
  'ACCESS_AUD',
];

type Holder = keyof typeof RULE_FIELDS;

const HOLDERS: readonly Holder[] = ['RULES', 'rebuild', 'prune'];

/** A sentence about an unknown key inside `RULES`. `path` leads to the key: `['RULES', 0, 'prune', 'x']`. */
export function aboutUnknownKey(path: readonly (string | number)[]): string {
  const key = String(path.at(-1));
  const parents = path.slice(0, -1);
  if (VARS.includes(key)) return BELONGS_IN_VARS;
  if (SECRETS.includes(key)) return `is a secret: take it out here and run npx wrangler secret put ${key}`;
  if (parents[0] === 'NOTIFY') return unknownAmong(NOTIFY_FIELDS, key);
  const holder = HOLDERS.findLast((name) => parents.includes(name)) ?? 'RULES';
  const known = RULE_FIELDS[holder];

  const meant = known.find((name) => isNear(key, name));
  if (meant !== undefined) return unknownAmong(known, key);
  const home = HOLDERS.find((name) => RULE_FIELDS[name].includes(key));
  if (home !== undefined) return `belongs in ${home === 'RULES' ? 'the rule itself' : `${home} of the rule`}`;
  const setting = VARS.find((name) => isNear(key, name));
  if (setting !== undefined) return `is not known; did you mean ${setting}? It ${BELONGS_IN_VARS}`;
  return unknownAmong(known, key);
}

function unknownAmong(known: readonly string[], key: string): string {
  const meant = known.find((name) => isNear(key, name));
  return meant === undefined
    ? `is not known here; known are ${known.join(', ')}`
    : `is not known here; did you mean ${meant}?`;
}

/** A name among the settings that we do not know. `meant`: the name of ours that it is close to, if any. */
export interface StrangeName {
  readonly name: string;
  readonly meant: string | null;
}

/** The variables in the Worker's environment that are not our settings, nor `named` by one. Bindings are left out. */
export function strangeNames(
  env: Readonly<Record<string, unknown>>,
  named: readonly string[] = [],
): StrangeName[] {
  const known = [...VARS, ...SECRETS];
  return Object.keys(env)
    .filter((name) => ![...known, ...named].includes(name) && isVariable(env[name]))
    .map((name) => ({ name, meant: known.find((one) => isNear(name, one)) ?? null }));
}

// A binding is an object of a class, or one that Cloudflare fills (the version); asking it anything can be a remote call.
function isVariable(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  return ['string', 'number', 'boolean'].includes(typeof value) || isTableOfRules(value);
}

// One `[vars.rule]` where `[[vars.RULES]]` was meant.
function isTableOfRules(value: unknown): boolean {
  return isRecord(value) && Object.hasOwn(value, 'projects');
}

const BELONGS_IN_VARS = 'belongs in [vars], above the first [[vars.RULES]]';

// Near: the same but for case and punctuation, or two slips of the pen; one in a name so short that two make it another word.
function isNear(a: string, b: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const slips = plain(b).length > 5 || !VARS.includes(b) ? 2 : 1;
  return a.length <= 40 && distance(plain(a), plain(b)) <= slips;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      const change = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
