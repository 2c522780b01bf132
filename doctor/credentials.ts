// What the API says about the credentials. Never more than was seen: that a token may write shows only when it writes, or where
// it may read its own policies.

import type { Config } from '../src/config/config.ts';
import { record } from '../src/object.ts';
import { isApiError } from '../src/pages-api/errors.ts';
import type { DoctorApi } from './api.ts';

/** The permission group behind "Cloudflare Pages: Edit", by its id and the name that the API gives it. */
const PAGES_WRITE = { id: '8d28297797f24fb8a0c332fe0866ec89', name: 'Pages Write' };

/** What was seen. */
export interface Credential {
  readonly kind: 'user token' | 'account token' | 'token' | 'key';
  /** What the API's own check of tokens said (`active`, `expired`, …); `null`: it said nothing, and `why` is its answer. */
  readonly status: string | null;
  readonly why: string | null;
  readonly expiresOn: string | null;
  /** Whether its own policies name Pages Write for this account; `null`: they could not be read, or do not tell. */
  readonly writes: boolean | null;
}

type Wire = Readonly<Record<string, unknown>>;

/** Asks about the credentials. Throws only where nothing more may be asked (429). */
export async function examine(
  api: Pick<DoctorApi, 'get'>,
  { accountId, credentials }: Pick<Config, 'accountId' | 'credentials'>,
): Promise<Credential> {
  const nothing = { status: null, why: null, expiresOn: null, writes: null };
  if (credentials.kind === 'key') return { ...nothing, kind: 'key' };
  // Each endpoint answers for its own kind of token only.
  const kinds = [
    ['user token', '/user/tokens'],
    ['account token', `/accounts/${encodeURIComponent(accountId)}/tokens`],
  ] as const;
  let why: string | null = null;
  for (const [kind, path] of kinds) {
    const verified = await ask(api, `${path}/verify`);
    if ('refused' in verified) {
      why ??= verified.refused;
      continue;
    }
    const { id, status, expires_on: expiresOn } = verified.result;
    return {
      kind,
      status: typeof status === 'string' ? status : null,
      why: null,
      expiresOn: typeof expiresOn === 'string' ? expiresOn : null,
      writes:
        typeof id === 'string' && /^\w{8,64}$/.test(id)
          ? await mayWrite(api, `${path}/${id}`, accountId)
          : null,
    };
  }
  return { ...nothing, kind: 'token', why };
}

async function ask(
  api: Pick<DoctorApi, 'get'>,
  path: string,
): Promise<{ readonly result: Wire } | { readonly refused: string }> {
  try {
    return { result: record(await api.get(path)) };
  } catch (error) {
    if (!isApiError(error) || error.kind === 'blocked') throw error;
    return { refused: error.message };
  }
}

/** Most tokens may not read themselves; then nobody knows. */
async function mayWrite(
  api: Pick<DoctorApi, 'get'>,
  path: string,
  accountId: string,
): Promise<boolean | null> {
  const token = await ask(api, path);
  return 'refused' in token ? null : writesByPolicy(token.result.policies, accountId);
}

/** Whether policies allow Pages Write in this account; `null` where they are none, or one that denies makes it a riddle. */
export function writesByPolicy(policies: unknown, accountId: string): boolean | null {
  if (!Array.isArray(policies) || policies.length === 0) return null;
  const all = policies.map(record);
  if (all.some(({ effect }) => effect !== 'allow')) return null;
  const account = 'com.cloudflare.api.account';
  return all.some(({ resources, permission_groups: groups }) => {
    const covered = Object.keys(record(resources));
    if (!covered.includes(`${account}.${accountId}`) && !covered.includes(`${account}.*`)) return false;
    const names = (Array.isArray(groups) ? groups : []).map(record);
    return names.some(({ id, name }) => id === PAGES_WRITE.id || name === PAGES_WRITE.name);
  });
}
