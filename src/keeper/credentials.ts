// Refused calls and what they come to: the project list is asked whether it is the credentials, and if it is, everything
// stops and says what to do. What counts as what is policy/credentials.ts's.

import { addSilence, doubtOf, settle } from '../policy/credentials.ts';
import type { Calls } from './calls.ts';
import type { Context } from './context.ts';

const SECRET = 'npx wrangler secret put CLOUDFLARE_API_TOKEN';
const PERMISSION = 'with the permission "Account · Cloudflare Pages · Edit"';

/** Settles a doubt about the credentials before anything else is sent; `false`: nothing else may be, for now. */
export async function settleDoubt(context: Context, calls: Calls): Promise<boolean> {
  const { work, now } = context;
  const { api } = work;
  const doubt = doubtOf(api.standing, now());
  if (doubt.kind === 'none') return true;
  if (doubt.kind === 'settled') {
    api.standing = settle(api.standing);
    return true;
  }
  if (doubt.kind === 'ask') {
    if (doubt.at > now()) return false;
    const answer = await calls.list(null, (pages) => pages.listProjects({ page: 1, perPage: 1 }));
    if (answer.kind === 'answer') return true;
    const refused = answer.kind === 'failed' && answer.error.kind === 'unauthorized';
    if (answer.kind === 'failed' && !refused) {
      // A page size that is refused is refused to somebody who was let in; anything else says nothing of us.
      const isLetIn = answer.error.kind === 'page-refused';
      api.standing = isLetIn ? settle(api.standing) : addSilence(api.standing, now());
      return isLetIn;
    }
    if (!refused || doubtOf(api.standing, now()).kind !== 'refused') return false;
    halt(context, answer.error.message);
    return false;
  }
  halt(context, 'the project list was refused');
  return false;
}

/** The credentials are refused. Nothing but the project list is tried before the next tick. */
function halt({ work, now }: Context, said: string): void {
  const message = `The API refused the credentials (${said}). Set a token ${PERMISSION}: ${SECRET}`;
  work.api.halted = true;
  work.api.trouble = { kind: 'token', since: now(), until: null, message };
  work.listing = null;
  work.telling.refused = message;
  work.telling.due = true;
}

/** Builds or deletes were refused in one project after the other while the list let us in: the token may not write. */
export function noteReadOnly({ work, now }: Context): void {
  if (work.api.standing.writes !== 'no' || work.api.trouble?.kind === 'token') return;
  const message = `The API lets the token read and refuses its builds and deletes. Set one ${PERMISSION} (not Read): ${SECRET}`;
  work.api.trouble = { kind: 'token', since: now(), until: null, message };
  work.telling.refused = message;
  work.telling.due = true;
}
