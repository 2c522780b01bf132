// The door: lets a request in or says why not. It knows nothing of the Keeper, so a request that is turned away cannot wake it.

import { auth } from 'hono/utils/basic-auth';
import { timingSafeEqual } from 'hono/utils/buffer';
import type { Door } from '../../config/config.ts';
import { type AccessOptions, verifyAccess } from './access.ts';

/** Why a request was turned away. */
export type TurnedAway = 'closed' | 'password' | 'access' | 'share';

/** What the door looks at. */
export interface DoorOptions extends AccessOptions {
  readonly door: Door;
}

/** What the door says to a request: come in, as whom; or why not. */
export type Answer =
  | { readonly letIn: true; readonly visitor: 'public' | 'known' }
  | { readonly letIn: false; readonly why: TurnedAway };

/** Asks the door. */
export async function knock(request: Request, options: DoorOptions): Promise<Answer> {
  const { door } = options;
  switch (door.mode) {
    case 'closed':
      return { letIn: false, why: 'closed' };
    case 'public':
      return { letIn: true, visitor: 'public' };
    case 'password':
      return known('password', await knowsPassword(request, door.password));
    case 'access':
      return known('access', await verifyAccess(request, door, options));
  }
  return door satisfies never;
}

const known = (why: TurnedAway, isKnown: boolean): Answer =>
  isKnown ? { letIn: true, visitor: 'known' } : { letIn: false, why };

/**
 * Hono's own parts, but not its `basicAuth`: that cannot say `charset="UTF-8"`, without which Firefox sends a password
 * beyond ASCII in Latin-1, nor answer in the form that was asked for. It compares digests in constant time.
 */
async function knowsPassword(request: Request, password: string): Promise<boolean> {
  const given = auth(request)?.password;
  // Without a password the page would be open to an empty one.
  return given !== undefined && password !== '' && timingSafeEqual(given, password);
}
