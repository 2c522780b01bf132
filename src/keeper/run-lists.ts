// What a run's record lists: rebuilds, skips, what was left out, warnings. A record that has closed holds the first of each; where
// there are more, all of them stand beside it by page, so that what is shown is read alone. What is too much is counted. Pure.

import { wasStarted } from '../policy/rebuild.ts';
import type { RebuildRecord, RunRecord } from '../report.ts';
import { bytesOf } from './store/sql.ts';

/** What a run lists. */
export type RunLists = Pick<RunRecord, 'rebuilds' | 'skips' | 'refusals' | 'warnings'>;

type Lists = RunLists & { readonly unlisted: number };

/** What one run lists of each at most, and characters of a reason. */
const MOST = { rebuilds: 500, skips: 2_000, refusals: 500, warnings: 100 } as const;
const LONGEST_WHY = 300;
/** Bytes of them all once a run has closed: so any part of them is one stored value (store/sql.ts), and what is settled later fits too. */
const MOST_BYTES_CLOSED = 480 * 1_024;
/** Entries of each list on a page. */
const A_PAGE = 100;
/** Entries of each list in a record that has closed; of skips, with one reason. */
const FIRST = 20;

/** The lists, what is to be mended first. */
const LISTS = ['refusals', 'warnings', 'rebuilds', 'skips'] as const;

/** Each of the lists as `change` gives it. */
function mapLists(
  lists: RunLists,
  change: <T>(list: readonly T[], name: keyof RunLists) => readonly T[],
): RunLists {
  const changed = LISTS.map((name) => [name, change<unknown>(lists[name], name)]);
  return Object.fromEntries(changed);
}

/** The lists no longer than they may be; what is not listed is counted. */
export function withinMost({ unlisted, ...lists }: Lists): Partial<Lists> {
  const over = LISTS.reduce((sum, name) => sum + Math.max(0, lists[name].length - MOST[name]), unlisted);
  return {
    ...mapLists(lists, (list, name) => list.slice(0, MOST[name])),
    ...(over > 0 ? { unlisted: over } : {}),
  };
}

/** A record that is closed, its lists together no longer than one stored value holds; the rest is counted. */
export function withinBytes(record: RunRecord): RunRecord {
  const over = bytesOf(JSON.stringify(record)) - MOST_BYTES_CLOSED;
  if (over <= 0) return record;
  let left = bytesOf(JSON.stringify(mapLists(record, (list) => list))) - over;
  let unlisted = record.unlisted ?? 0;
  const kept = mapLists(record, (list) =>
    list.filter((one) => {
      left -= bytesOf(JSON.stringify(one)) + 1;
      if (left < 0) unlisted += 1;
      return left >= 0;
    }),
  );
  return { ...record, ...kept, unlisted };
}

/** The entries of one page, from 1. */
export function listsOn(lists: RunLists, page: number): RunLists {
  return mapLists(lists, (list) => list.slice((page - 1) * A_PAGE, page * A_PAGE));
}

/** How many pages they take. */
export function pagesOf(record: RunRecord): number {
  const { rebuilds, refusals, warnings, skips } = listedOf(record);
  const all = Object.values(skips).reduce((sum, many) => sum + many, 0);
  return Math.max(1, Math.ceil(Math.max(rebuilds, refusals, warnings, all) / A_PAGE));
}

/** How many entries each list has in all. */
function listedOf({
  listed,
  rebuilds,
  refusals,
  warnings,
  skips,
}: RunRecord): NonNullable<RunRecord['listed']> {
  if (listed !== undefined) return listed;
  const reasons = [...Map.groupBy(skips, ({ reason }) => reason)];
  return {
    rebuilds: rebuilds.length,
    started: rebuilds.filter(wasStarted).length,
    refusals: refusals.length,
    warnings: warnings.length,
    skips: Object.fromEntries(reasons.map(([reason, some]) => [reason, some.length])),
  };
}

/** A record with the first of each list alone, and how many there are; as it is, where that is all. */
export function headOf(record: RunRecord): RunRecord {
  if (record.listed !== undefined) return record;
  const byReason = [...Map.groupBy(record.skips, ({ reason }) => reason).values()];
  const first = {
    ...mapLists(record, (list) => list.slice(0, FIRST)),
    skips: byReason.flatMap((some) => some.slice(0, FIRST)),
  };
  const isWhole = LISTS.every((list) => first[list].length === record[list].length);
  return isWhole ? record : { ...record, ...first, listed: listedOf(record) };
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
