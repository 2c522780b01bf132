// Who is told, by NOTIFY_URL and NOTIFY and the secrets that they name. An address is shown in no message. Pure.

import * as v from 'valibot';
import type { Destination, Format } from '../policy/destinations.ts';
import { isSet, safeUrl } from './fields.ts';
import { SECRETS, VARS } from './names.ts';
import { DEFAULT_TOPICS, NOTIFY } from './notify.ts';
import type { Problem } from './problems.ts';

type Set = { readonly [K in keyof typeof NOTIFY]: v.InferOutput<(typeof NOTIFY)[K]> };

type Given = Readonly<Record<string, unknown>>;

/** The secrets that NOTIFY names, as far as it can be read: known names, and values that are never shown. */
export function namedSecrets(env: Given): string[] {
  const read = v.safeParse(NOTIFY.NOTIFY, isSet(env.NOTIFY) ? env.NOTIFY : undefined);
  return read.success ? read.output.map(({ to }) => to) : [];
}

/** What is wrong with the secrets that NOTIFY names. */
export function notifyProblems(env: Given): Problem[] {
  return namedSecrets(env).flatMap((name, at, all): Problem[] => {
    const path = `NOTIFY[${at}].to`;
    if ([...VARS, ...SECRETS].includes(name))
      return [{ path, message: `${name} is one of our own settings: name a secret of its own` }];
    if (all.indexOf(name) < at)
      return [{ path, message: `${name} is named twice: one entry says all about it` }];
    if (!isSet(env[name])) return [{ path, message: `${name} is not set: npx wrangler secret put ${name}` }];
    if (safeUrl(env[name]) === null)
      return [
        {
          path: name,
          message: 'must be an https URL, exactly as the service gave it; got something else (not shown)',
        },
      ];
    return [];
  });
}

/** Everybody who is told, once `notifyProblems` found nothing. */
export function destinationsOf(set: Set, env: Given): Destination[] {
  const one = set.NOTIFY_URL;
  const named = set.NOTIFY.flatMap(({ to, about, projects, format }) => {
    const url = safeUrl(env[to]);
    return url === null ? [] : [destination(to, url, { about, projects, format })];
  });
  if (one === null) return named;
  return [destination('NOTIFY_URL', one, { about: DEFAULT_TOPICS, projects: ['*'], format: null }), ...named];
}

function destination(
  name: string,
  given: URL,
  { about, projects, format }: Pick<Destination, 'about' | 'projects'> & { readonly format: Format | null },
): Destination {
  const url = new URL(given);
  const { username, password } = url;
  // The runtime drops them from an address: what they are for is said in a header.
  url.username = '';
  url.password = '';
  const authorization = username === '' && password === '' ? null : basic(username, password);
  return { name, url: url.href, authorization, format: format ?? formatOf(url), about, projects };
}

function basic(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const HOSTS: readonly (readonly [RegExp, Format])[] = [
  [/^hooks\.slack(-gov)?\.com\//, 'slack'],
  [/^((canary|ptb)\.)?discord(app)?\.com\//, 'discord'],
  [/^([a-z0-9-]+\.)+(webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com)\//, 'teams'],
  [/^chat\.googleapis\.com\//, 'google-chat'],
  [/^api\.telegram\.org\//, 'telegram'],
  [/^ntfy\.sh\//, 'ntfy'],
];

/** The form that the service at this address reads, by its host and path. */
export function formatOf({ hostname, pathname }: URL): Format {
  return HOSTS.find(([pattern]) => pattern.test(`${hostname}${pathname}`))?.[1] ?? 'json';
}
