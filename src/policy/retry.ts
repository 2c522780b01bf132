// A build that failed: whether it is tried once more, and when. Pure: `now` (epoch ms) is passed in. Whether it is built then is
// decided like any other, by rebuild.ts.

import type { BuildStatus } from '../pages-api/model.ts';
import { MINUTE } from '../time.ts';
import type { RebuildRule } from './rules.ts';

const AFTER_MS = 10 * MINUTE;

/** A build that the Keeper started and that has ended. */
export interface EndedBuild {
  readonly status: BuildStatus;
  /** Epoch ms; `null`: the API does not say, so nobody can tell later whether it still is the newest. */
  readonly createdAt: number | null;
  /** Whether it was itself the second try of one that failed: there is no third. */
  readonly isSecond: boolean;
}

/** When a build is tried once more (epoch ms): ten minutes after it was seen to have failed; `null`: it is not. */
export function secondTryAt(
  rule: Pick<RebuildRule, 'retryFailed'> | null,
  { status, createdAt, isSecond }: EndedBuild,
  now: number,
): number | null {
  if (!rule?.retryFailed || status !== 'failed' || isSecond || createdAt === null) return null;
  return now + AFTER_MS;
}
