// The door: lets a request in or says why not. It knows nothing of the Keeper, so a refused request cannot wake it.

import { auth } from 'hono/utils/basic-auth';
import type { Door } from '../../config/config.ts';
import { type AccessOptions, verifyAccess } from './access.ts';

/** Why a request was not let in. */
export type Refusal = 'closed' | 'password' | 'access' | 'share';

/** What the door looks at. */
export interface DoorOptions extends AccessOptions {
  readonly door: Door;
}

/** `null`: come in. */
export async function refusal(request: Request, options: DoorOptions): Promise<Refusal | null> {
  const { door } = options;
  switch (door.mode) {
    case 'closed':
      return 'closed';
    case 'public':
      return null;
    case 'password':
      return (await knowsPassword(request, door.password)) ? null : 'password';
    case 'access':
      return (await verifyAccess(request, door, options)) ? null : 'access';
  }
  return door satisfies never;
}

/** Compares digests in constant time, so that neither length nor first difference can be measured. */
async function knowsPassword(request: Request, password: string): Promise<boolean> {
  const given = auth(request)?.password;
  // Without a password the page would be open to an empty one.
  if (given === undefined || password === '') return false;
  const [a, b] = await Promise.all([digest(given), digest(password)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
}
