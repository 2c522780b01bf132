// What opens Git servers: one token, or one by host. A token goes to one host only, so which one it is must be certain.
// Pure: reads settings, asks nobody.

import * as v from 'valibot';
import type { GitSettings } from '../git/address.ts';
import { isRecord } from '../object.ts';
import type { Rule } from '../policy/rules.ts';
import { type Field, field, or, safeUrl } from './fields.ts';
import type { Problem } from './problems.ts';

const WORD = /^[\x21-\x7e]+$/;
const HOST = /^[a-z0-9.-]+(:\d+)?$/;
const GITHUB = 'github.com';

type Tokens = string | Readonly<Record<string, string>>;

function readTokens(given: unknown): Tokens | undefined {
  if (typeof given !== 'string') return undefined;
  if (!given.trim().startsWith('{')) return WORD.test(given) ? given : undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(given);
  } catch {
    return undefined;
  }
  if (!isRecord(parsed)) return undefined;
  const entries = Object.entries(parsed).map(([host, token]) => [host.toLowerCase(), token] as const);
  const fits = entries.every(
    ([host, token]) => HOST.test(host) && typeof token === 'string' && WORD.test(token),
  );
  return fits && entries.length > 0 ? (Object.fromEntries(entries) as Record<string, string>) : undefined;
}

const tokens: Field<Tokens> = v.pipe(
  field(
    'a token, user:token, or JSON by host such as {"github.com": "…"}, without spaces or line ends',
    readTokens,
    true,
  ),
);

const api: Field<string> = field('an https URL without user name, password or query', (given) => {
  const url = safeUrl(given);
  return url === null || /[?#@]/.test(url.href) ? undefined : url.href.replace(/\/+$/, '');
});

/** The settings of Git, one a row. */
export const GIT = {
  GIT_TOKEN: or(tokens, null),
  GITHUB_API_BASE_URL: or(api, null),
  GITLAB_API_BASE_URL: or(api, null),
};

/** Hosts of the repositories that rules name. */
const hostsOf = (rules: readonly Pick<Rule, 'repository'>[]) => [
  ...new Set(rules.flatMap(({ repository }) => (repository === null ? [] : [new URL(repository).host]))),
];

type Set = { readonly GIT_TOKEN: Tokens | null; readonly RULES: readonly Rule[] };
type Apis = { readonly GITHUB_API_BASE_URL: string | null; readonly GITLAB_API_BASE_URL: string | null };

/** A token whose host nobody can tell. */
export function tokenProblems({ GIT_TOKEN: given, RULES }: Set): Problem[] {
  const hosts = hostsOf(RULES);
  if (typeof given !== 'string' || hosts.length < 2) return [];
  const message = `must be JSON by host, such as {"${hosts[0]}": "…"}: the rules name repositories on ${hosts.join(' and ')}, and a token goes to one host only`;
  return [{ path: 'GIT_TOKEN', message }];
}

/** The tokens by host, and where the APIs of other hosts are. */
export function gitSettingsOf(set: Set & Apis): GitSettings {
  const { GIT_TOKEN: given, RULES, GITHUB_API_BASE_URL: githubApi, GITLAB_API_BASE_URL: gitlabApi } = set;
  const byHost = typeof given === 'string' ? { [hostsOf(RULES)[0] ?? GITHUB]: given } : (given ?? {});
  return { tokens: byHost, githubApi, gitlabApi };
}
