// Share links: one project, to whoever has the link, until a date. Signed with SHARE_KEY, so that nothing is stored: a link
// ends with its date, or all of them with the key. A badge is made to be published, so its signature opens nothing but the badge.
// Knows nothing of the Keeper; used by the Worker and by `npm run share`.

import { isSigned, signatureOf } from './signature.ts';

const DATE = /^\d{4}-\d\d-\d\d$/;

/** When a link with this date ends: 00:00 UTC of that day (epoch ms); `null` where it is not a date. */
export function endOf(until: string): number | null {
  const at = DATE.test(until) ? Date.parse(`${until}T00:00:00Z`) : Number.NaN;
  // `2027-02-30` would be read as a day in March.
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(until) ? at : null;
}

/** What a signature opens: the page and its feed, or the badge alone. */
export type Shared = 'share' | 'badge';

// The date is of a fixed length and comes first, so that no two pairs give the same text.
const signed = (what: Shared, project: string, until: string) => `pages-keeper ${what} ${until} ${project}`;

/** The path of a link to a project, or to its badge, `until` as `2027-01-01`. */
export async function sharePath(
  key: string,
  project: string,
  until: string,
  what: Shared = 'share',
): Promise<string> {
  const signature = await signatureOf(key, signed(what, project, until));
  const page = `/share/${encodeURIComponent(project)}/${until}/${signature}`;
  return what === 'badge' ? `${page}/badge.svg` : page;
}

/** Whether a link may be shown at `now`. `key` `null`: none may. */
export async function isShared(
  key: string | null,
  link: { readonly project: string; readonly until: string; readonly signature: string },
  now: number,
  what: Shared = 'share',
): Promise<boolean> {
  const end = endOf(link.until);
  if (key === null || end === null || end <= now) return false;
  return isSigned(key, signed(what, link.project, link.until), link.signature);
}
