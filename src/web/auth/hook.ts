// Hooks: who may ask for a build. By HOOK_KEY in a header, or by an address that is signed with it, for senders that can set no
// header: it ends with the key alone. Knows nothing of the Keeper; used by the Worker and by `npm run share -- --hook`.

import { timingSafeEqual } from 'hono/utils/buffer';
import { base64url } from 'jose';

const encoder = new TextEncoder();
const SIGNED = /^(?:([\w-]+)\.)?([\w-]{43})$/;

/** A line end stands in neither name, so no two pairs give the same text; `share` links are signed with another text. */
const signed = (project: string, branch: string | null) =>
  encoder.encode(`pages-keeper hook\n${project}\n${branch ?? ''}`);

const keyOf = (key: string, use: 'sign' | 'verify') =>
  crypto.subtle.importKey('raw', encoder.encode(key), { name: 'HMAC', hash: 'SHA-256' }, false, [use]);

/** The path of a hook for a project, and for a branch where one is named: it stands in the path, signed. */
export async function hookPath(key: string, project: string, branch: string | null): Promise<string> {
  const bytes = await crypto.subtle.sign('HMAC', await keyOf(key, 'sign'), signed(project, branch));
  const named = branch === null ? '' : `${base64url.encode(encoder.encode(branch))}.`;
  return `/hooks/${encodeURIComponent(project)}/${named}${base64url.encode(new Uint8Array(bytes))}`;
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
  const [, named, code] = SIGNED.exec(signature) ?? [];
  if (key === null || code === undefined) return null;
  const branch = named === undefined ? null : new TextDecoder().decode(base64url.decode(named));
  const bytes = base64url.decode(code);
  const isOurs = await crypto.subtle.verify(
    'HMAC',
    await keyOf(key, 'verify'),
    bytes,
    signed(project, branch),
  );
  return isOurs ? { branch } : null;
}
