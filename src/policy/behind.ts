// Whether production is behind its branch: Git has a commit there of which no build was ever started. Pure: times (epoch ms) are
// passed in.

import { MINUTE } from '../time.ts';

/** The production branch's head in Git. Times are epoch ms. */
export interface ProductionHead {
  readonly commit: string;
  /**
   * The first reading that found no production deployment of it, or of a commit before it, since which nothing was built; `null`: there is
   * one, or there was.
   */
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

/** What is known of a project's deployments. Times are epoch ms. */
export interface Built {
  /** Whether one of production is of the head. */
  readonly isBuilt: boolean;
  /** When the newest of the production branch was made; 0: there is none; infinite: nobody knows, or one is of the head before. */
  readonly newestAt: number;
  /** When they were last read; `null`: never. */
  readonly readAt: number | null;
}

/** What is known of the head after a reading. */
export function headAfter(
  known: ProductionHead | null,
  { at, commit }: { readonly at: number; readonly commit: string },
  { isBuilt, newestAt, readAt }: Built,
): ProductionHead {
  const isSame = known?.commit === commit;
  // Once seen built or left out it stays so, though its record is deleted.
  if (isBuilt || (isSame && known.unbuiltAt === null)) return { commit, unbuiltAt: null, behindSince: null };
  // Where pushes go on and none of them is built, the last one has waited as long as the first.
  const before = isSame || newestAt <= (known?.unbuiltAt ?? 0) ? known : null;
  const unbuiltAt = before?.unbuiltAt ?? at;
  const isBehind = at - unbuiltAt >= BEHIND_AFTER_MS && readAt !== null && readAt > unbuiltAt;
  return { commit, unbuiltAt, behindSince: before?.behindSince ?? (isBehind ? unbuiltAt : null) };
}
