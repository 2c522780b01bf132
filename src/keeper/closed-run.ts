// A run that has closed, as it is stored: its record with the first of each list, and where there are more all of them beside it,
// by page. Stores what it is given; decides nothing.

import type { RebuildRecord, RunRecord } from '../report.ts';
import { headOf, listsOn, pagesOf } from './run-lists.ts';
import type { Store } from './store/store.ts';

/** Stores a record. */
export function writeClosed(store: Store, closed: RunRecord): void {
  const head = headOf(closed);
  store.write('runs', closed.id, head);
  if (head === closed) return;
  for (let page = 1; page <= pagesOf(closed); page += 1)
    store.writeListed(closed.id, page, listsOn(closed, page));
}

/** Changes rebuilds of a closed run, wherever they stand; nothing where there is no such run. */
export function changeClosed(
  store: Store,
  id: string,
  change: (rebuild: RebuildRecord) => RebuildRecord,
): void {
  const head = store.read('runs', id);
  if (head === null) return;
  store.write('runs', id, { ...head, rebuilds: head.rebuilds.map(change) });
  if (head.listed === undefined) return;
  for (let page = 1; page <= pagesOf(head); page += 1) {
    const lists = store.readListed(id, page);
    if (lists !== null) store.writeListed(id, page, { ...lists, rebuilds: lists.rebuilds.map(change) });
  }
}
