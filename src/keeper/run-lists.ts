// What a run's record lists: rebuilds, skips, what was left out, warnings. As many as one stored value holds; what is more is counted. Pure.

import type { RebuildRecord, RunRecord } from '../report.ts';
import { bytesOf } from './store/sql.ts';

type Lists = Pick<RunRecord, 'rebuilds' | 'skips' | 'refusals' | 'warnings'> & { readonly unlisted: number };

/** What one record lists of each at most, and characters of a reason: a record is one stored value. */
const MOST = { rebuilds: 500, skips: 2_000, refusals: 500, warnings: 100 } as const;
const LONGEST_WHY = 300;
/** Bytes of a closed record: what one stored value takes (store/sql.ts), less what is settled after its end. */
const MOST_BYTES_CLOSED = 480 * 1_024;

/** The lists no longer than they may be; what is not listed is counted. */
export function withinMost({ rebuilds, skips, refusals, warnings, unlisted }: Lists): Partial<Lists> {
  const over = [
    rebuilds.length - MOST.rebuilds,
    skips.length - MOST.skips,
    refusals.length - MOST.refusals,
    warnings.length - MOST.warnings,
  ].reduce((sum, more) => sum + Math.max(0, more), 0);
  return {
    rebuilds: rebuilds.slice(0, MOST.rebuilds),
    skips: skips.slice(0, MOST.skips),
    refusals: refusals.slice(0, MOST.refusals),
    warnings: warnings.slice(0, MOST.warnings),
    ...(unlisted + over > 0 ? { unlisted: unlisted + over } : {}),
  };
}

/** A record that is closed, its lists no longer than one stored value holds, what is to be mended first; the rest is counted. */
export function withinBytes(record: RunRecord): RunRecord {
  const over = bytesOf(JSON.stringify(record)) - MOST_BYTES_CLOSED;
  if (over <= 0) return record;
  const { refusals, warnings, rebuilds, skips } = record;
  const lists = { refusals, warnings, rebuilds, skips };
  let left = bytesOf(JSON.stringify(lists)) - over;
  let unlisted = record.unlisted ?? 0;
  const fits = (one: unknown) => {
    left -= bytesOf(JSON.stringify(one)) + 1;
    if (left < 0) unlisted += 1;
    return left >= 0;
  };
  const kept = {
    refusals: refusals.filter(fits),
    warnings: warnings.filter(fits),
    rebuilds: rebuilds.filter(fits),
    skips: skips.filter(fits),
  };
  return { ...record, ...kept, unlisted };
}

/** One more rebuild; one of the same project and branch is replaced. */
export function withRebuild(rebuilds: readonly RebuildRecord[], rebuild: RebuildRecord): RebuildRecord[] {
  const same = (other: RebuildRecord) => other.project === rebuild.project && other.branch === rebuild.branch;
  return [...rebuilds.filter((other) => !same(other)), rebuild];
}

/** Said once: a plan that is made again may be left out again for the same reason. */
export function withRefusal(
  refusals: RunRecord['refusals'],
  { why: whole, ...rest }: RunRecord['refusals'][number],
): RunRecord['refusals'] {
  const refusal = { ...rest, why: whole.length > LONGEST_WHY ? `${whole.slice(0, LONGEST_WHY)}…` : whole };
  const said = refusals.some(
    ({ project, what, why }) => project === refusal.project && what === refusal.what && why === refusal.why,
  );
  return said ? refusals : [...refusals, refusal];
}
