// The rows of a queue over those of an earlier one: at the end they hold what the plan holds, each once, whatever stood there, in
// however many parts it was judged, and wherever an earlier try at it had ended.

import { env, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type QueueItem, queueItem } from '../../src/keeper/prune/rows.ts';
import { endRows, rowsBefore, writeRows } from '../../src/keeper/prune/write-rows.ts';
import { openStore, type Store } from '../../src/keeper/store/store.ts';
import { deployment } from '../policy/fixture.ts';

const MOST = 5;
const PLAN = 3;
const LANE = 0;

const item = (n: number): QueueItem =>
  queueItem(deployment({ id: `id-${n}` }), 7, { stale: false, gone: false });

/** Some of forty deployments, in their order: mostly all but a few. */
const some = fc
  .uniqueArray(fc.nat(39), { maxLength: 40 })
  .chain((left) => fc.boolean().map((few) => [...Array(40).keys()].filter((n) => left.includes(n) === few)));

const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 40, maxLength: 40 });

function inParts<T>(all: readonly T[], sizes: readonly number[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < all.length; from += parts.at(-1)?.length ?? 1)
    parts.push(all.slice(from, from + (sizes[parts.length] ?? 1)));
  return parts;
}

/** Writes these parts; `tries`: how many of them before it is cut off, the first time. */
function plan(store: Store, project: string, parts: readonly (readonly number[])[], tries: number): void {
  const place = { store, id: project, plan: PLAN };
  for (const until of [tries, parts.length]) {
    let rows = rowsBefore(place);
    for (const part of parts.slice(0, until))
      rows = { ...rows, planned: writeRows(place, 'planned', rows.planned, part.map(item), MOST) };
    if (until === parts.length) endRows(place, rows);
  }
}

const stored = (store: Store, project: string) => store.rowsOf(project, PLAN, LANE).map(({ items }) => items);

async function inStore(use: (store: Store) => void): Promise<void> {
  const stub = env.KEEPER.getByName(`write-rows-${crypto.randomUUID()}`);
  await runInDurableObject(stub, (_, { storage }) => {
    use(openStore({ sql: storage.sql, transactionSync: (writes) => storage.transactionSync(writes) }));
  });
}

test('what stands in the queue at the end is what the plan holds', async () => {
  await inStore((store) => {
    let project = 0;
    fc.assert(
      fc.property(some, lengths, some, lengths, fc.nat(12), (before, cuts, now, parts, tries) => {
        project += 1;
        const id = `project-${project}`;
        for (const [at, part] of inParts(before, cuts).entries())
          store.writeRow(id, PLAN, { lane: LANE, seq: at + 1, attempt: 0, due: 0, items: part.map(item) });
        plan(store, id, inParts(now, parts), tries);
        const rows = stored(store, id);
        const ids = rows.flat().map((one) => one.id);
        expect(ids.toSorted()).toEqual(now.map((n) => `id-${n}`).toSorted());
        expect(rows.filter(({ length }) => length === 0 || length > MOST)).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });
});

test('the same once more: no row is written, nor is one cut in two where it is judged in parts', async () => {
  await inStore((store) => {
    const all = [...Array(40).keys()];
    plan(store, 'docs', [all], 0);
    const before = stored(store, 'docs');
    store.takeRowsWritten();
    plan(store, 'docs', [all], 0);
    expect(store.takeRowsWritten()).toBe(0);
    plan(store, 'docs', inParts(all, [12, 12, 12, 4]), 0);
    expect(stored(store, 'docs')).toEqual(before);
  });
});
