// Whether production is behind its branch: Git has a commit there of which no build was ever started. Pure: times (epoch ms) are
// passed in.

import { MINUTE } from '../time.ts';

/** The production branch's head in Git. Times are epoch ms. */
export interface ProductionHead {
  readonly commit: string;
  /** The first reading that found no production deployment of it; `null`: there is one, or there was. */
  readonly unbuiltAt: number | null;
  /** Since when production is behind; `null`: it is not, for all that is known. */
  readonly behindSince: number | null;
}

/** The same, as it is told. */
export interface HeadInGit {
  readonly head: string;
  /** When it was read. */
  readonly checkedAt: number;
  /** Since when no build of it was started; `null`: that is not known to be so. */
  readonly behindSince: number | null;
}

const BEHIND_AFTER_MS = 30 * MINUTE;

/** What is known of the head after a reading. `readAt`: when the project's deployments were last read. */
export function headAfter(
  known: ProductionHead | null,
  { at, commit }: { readonly at: number; readonly commit: string },
  { isBuilt, readAt }: { readonly isBuilt: boolean; readonly readAt: number | null },
): ProductionHead {
  const same = known?.commit === commit ? known : null;
  // Once seen built or left out it stays so, though its record is deleted.
  if (isBuilt || same?.unbuiltAt === null) return { commit, unbuiltAt: null, behindSince: null };
  const unbuiltAt = same?.unbuiltAt ?? at;
  const isBehind = at - unbuiltAt >= BEHIND_AFTER_MS && readAt !== null && readAt > unbuiltAt;
  return { commit, unbuiltAt, behindSince: same?.behindSince ?? (isBehind ? unbuiltAt : null) };
}
