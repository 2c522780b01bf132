// Signatures by which an address opens something without a log-in: HMAC with SHA-256, written as base64url. What is signed is
// said by who asks (share.ts, hook.ts), in texts of which none can be read as another. Knows nothing of what is opened.

import { base64url } from 'jose';

const encoder = new TextEncoder();

const keyOf = (key: string, use: 'sign' | 'verify') =>
  crypto.subtle.importKey('raw', encoder.encode(key), { name: 'HMAC', hash: 'SHA-256' }, false, [use]);

/** The signature of a text: 43 letters, digits, `-` and `_`. */
export async function signatureOf(key: string, text: string): Promise<string> {
  const bytes = await crypto.subtle.sign('HMAC', await keyOf(key, 'sign'), encoder.encode(text));
  return base64url.encode(new Uint8Array(bytes));
}

/** Whether a text was signed with the key. Compared in constant time, by the platform. */
export async function isSigned(key: string, text: string, signature: string): Promise<boolean> {
  if (!/^[\w-]{43}$/.test(signature)) return false;
  const bytes = base64url.decode(signature);
  return crypto.subtle.verify('HMAC', await keyOf(key, 'verify'), bytes, encoder.encode(text));
}
