// Which account the Keeper works on, where its API is, and what it shows there to be let in.
// Pure: reads settings, never calls the API.

import type { Credentials } from '../pages-api/send.ts';
import { type Field, field, isSet, or, safeUrl, text } from './fields.ts';
import type { Problem } from './problems.ts';

// Without these a pasted line end would only surface as a header that cannot be sent.
const ONE_WORD = /^[\x21-\x7e]+$/;
const AS_SHOWN = 'exactly what Cloudflare shows, without spaces or line ends';

const apiBaseUrl: Field<URL> = field(
  'an https URL without user name, password, ? or # (http only for localhost)',
  (given) => {
    const url = safeUrl(given);
    return url && !/[?#@]/.test(url.href) ? url : undefined;
  },
);

/** The settings of the account, one a row. */
export const ACCOUNT = {
  // Hidden, since a token pasted into the wrong place would otherwise be shown.
  CLOUDFLARE_ACCOUNT_ID: text(
    'the id of your account, 1 to 32 letters and digits (npx wrangler whoami shows it)',
    /^[0-9a-zA-Z_-]{1,32}$/,
    true,
  ),
  CLOUDFLARE_API_TOKEN: or(text(AS_SHOWN, ONE_WORD, true), null),
  CLOUDFLARE_EMAIL: or(text('an e-mail address', /^[\x21-\x7e]+@[\x21-\x7e]+$/), null),
  CLOUDFLARE_API_KEY: or(text(AS_SHOWN, ONE_WORD, true), null),
  CLOUDFLARE_API_BASE_URL: or(apiBaseUrl, new URL('https://api.cloudflare.com/client/v4')),
};

/** What is wrong with which credentials are set; empty when there is exactly one way to be let in. */
export function credentialProblems(env: Readonly<Record<string, unknown>>): Problem[] {
  const token = isSet(env.CLOUDFLARE_API_TOKEN);
  const email = isSet(env.CLOUDFLARE_EMAIL);
  const key = isSet(env.CLOUDFLARE_API_KEY);

  if (token && (email || key)) {
    const others = [email && 'CLOUDFLARE_EMAIL', key && 'CLOUDFLARE_API_KEY'].filter(Boolean).join(' and ');
    return [{ path: 'CLOUDFLARE_API_TOKEN', message: `is enough by itself: remove ${others}` }];
  }
  if (!(token || email || key)) return [missing('CLOUDFLARE_API_TOKEN')];
  if (email && !key) return [missing('CLOUDFLARE_API_KEY', ' (it goes with CLOUDFLARE_EMAIL)')];
  if (key && !email) {
    return [{ path: 'CLOUDFLARE_EMAIL', message: 'is missing; it goes with CLOUDFLARE_API_KEY' }];
  }
  return [];
}

/** The credentials, once `credentialProblems` found nothing. */
export function credentialsOf(set: {
  readonly CLOUDFLARE_API_TOKEN: string | null;
  readonly CLOUDFLARE_EMAIL: string | null;
  readonly CLOUDFLARE_API_KEY: string | null;
}): Credentials {
  return set.CLOUDFLARE_API_TOKEN !== null
    ? { kind: 'token', token: set.CLOUDFLARE_API_TOKEN }
    : { kind: 'key', email: set.CLOUDFLARE_EMAIL ?? '', key: set.CLOUDFLARE_API_KEY ?? '' };
}

function missing(name: string, why = ''): Problem {
  return { path: name, message: `is missing${why}: npx wrangler secret put ${name}` };
}
