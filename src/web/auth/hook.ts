// Hooks: who may ask for a build. By HOOK_KEY in a header, or by an address that is signed with it, for senders that can set no
// header: it ends with the key alone. Knows nothing of the Keeper; used by the Worker and by `npm run share -- --hook`.

import { timingSafeEqual } from 'hono/utils/buffer';
import { base64url } from 'jose';
import { isSigned, signatureOf } from './signature.ts';

const SIGNED = /^(?:([\w-]+)\.)?([\w-]{43})$/;

/** The branch is signed as it is written, so that nothing is decoded that is not ours; `share` links are signed with another text. */
const signed = (project: string, branch: string) => `pages-keeper hook\n${project}\n${branch}`;

/** The path of a hook for a project, and for a branch where one is named: it stands in the path, signed. */
export async function hookPath(key: string, project: string, branch: string | null): Promise<string> {
  const named = branch === null ? '' : base64url.encode(branch);
  const code = await signatureOf(key, signed(project, named));
  return `/hooks/${encodeURIComponent(project)}/${named === '' ? code : `${named}.${code}`}`;
}

/** Whether the header carries the key. Compared in constant time. */
export async function hasKey(key: string | null, authorization: string | undefined): Promise<boolean> {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return key !== null && given !== undefined && timingSafeEqual(given, key);
}

/** What a signed address asks for; `null`: it is not ours. Compared in constant time, by the platform. */
export async function askedBy(
  key: string | null,
  project: string,
  signature: string,
): Promise<{ readonly branch: string | null } | null> {
  const [, named = '', code] = SIGNED.exec(signature) ?? [];
  if (key === null || code === undefined || !(await isSigned(key, signed(project, named), code))) return null;
  return { branch: named === '' ? null : new TextDecoder().decode(base64url.decode(named)) };
}
