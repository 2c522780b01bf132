// One batch of deletes and its row: what of it is in doubt, gone, left or taken back, item by item.

import { describe, expect, test } from 'vitest';
import type { Context } from '../../src/keeper/context.ts';
import type { Batch, Done } from '../../src/keeper/prune/batch.ts';
import { findCutOffBatches } from '../../src/keeper/prune/cut-off.ts';
import { deleteBatch } from '../../src/keeper/prune/delete.ts';
import { recordLost } from '../../src/keeper/prune/deletions.ts';
import { lookAtHead } from '../../src/keeper/prune/head.ts';
import { recordBatch } from '../../src/keeper/prune/record.ts';
import { LANES, type QueueRow } from '../../src/keeper/prune/rows.ts';
import type { OpenRun, Queue } from '../../src/keeper/work.ts';
import type { ErrorClass } from '../../src/pages-api/errors.ts';
import { addSite, begin } from './accounts.ts';
import { callsWith, contextOf, failure, items, queueOf } from './context.ts';
import { inWorld, START, type World } from './world.ts';

const ID = 'project';
const FIVE = ['a', 'b', 'c', 'd', 'e'];
const { planned, failed, forced } = LANES;

interface Scene {
  readonly world: World;
  readonly context: Context;
  readonly run: OpenRun;
  readonly queue: Queue;
  /** Stores a row and gives it. */
  row(ids: readonly string[], change?: Partial<QueueRow>): QueueRow;
  /** What stands in a lane: the ids of each row and how often it was tried. */
  lane(lane: number): [ids: string, attempt: number][];
  /** What the record of the run says. */
  recorded(): string[];
}

/** A run under way that works off a queue of one project. */
async function inQueue(use: (scene: Scene) => Promise<void> | void): Promise<void> {
  await inWorld({}, async (world) => {
    addSite(world, { old: 0 });
    await begin(world);
    const context = contextOf(world);
    const { store, work } = context;
    const [run] = work.runs;
    if (run === undefined) throw new Error('no run has begun');
    const queue = queueOf(run.record.id, FIVE.length);
    const owed = { run: run.record.id, at: START };
    const prune = { step: 'deleting', for: owed, queue } as never;
    work.tasks.set(ID, { name: 'docs', reading: null, prune, gone: 0, git: null });
    run.sent = 100;
    await use({
      ...{ world, context, run, queue },
      row(ids, change = {}) {
        const row = { lane: planned, seq: 1, attempt: 0, due: 0, items: items(...ids), ...change };
        store.writeRow(ID, queue.plan, row);
        return row;
      },
      lane: (lane) =>
        store
          .rowsOf(ID, queue.plan, lane)
          .map((row) => [row.items.map(({ id }) => id).join(''), row.attempt]),
      recorded: () => world.deletions(run.record.id).map(({ id, outcome }) => `${id} ${outcome}`),
    });
  });
}

describe('a batch that was cut off', () => {
  test.each<[number, string[], string[]]>([
    [2, ['cde'], ['ab']],
    [4, ['e'], ['abcd']],
    [5, [], ['abcde']],
    [0, ['abcde'], []],
  ])('of which %d may have left: the rest waits as before, these are in doubt', (count, rest, doubtful) =>
    inQueue(({ context, queue, row, lane }) => {
      row(FIVE);
      queue.sending = { lane: planned, seq: 1, count };
      findCutOffBatches(context);
      expect(queue.sending).toBeNull();
      expect(lane(planned)).toEqual(rest.map((ids) => [ids, 0]));
      expect(lane(failed)).toEqual(doubtful.map((ids) => [ids, 1]));
    }),
  );

  test('stays where it was, where it was sent for the second time', () =>
    inQueue(({ context, queue, row, lane }) => {
      row(FIVE, { lane: failed, attempt: 2 });
      queue.sending = { lane: failed, seq: 1, count: 3 };
      findCutOffBatches(context);
      expect([lane(planned), lane(failed)]).toEqual([[], [['abcde', 2]]]);
    }));
});

describe('what was sent and is found to be gone', () => {
  test.each<[string[], string[]]>([
    [['b'], ['acde']],
    [['a', 'e', 'x'], ['bcd']],
    [FIVE, []],
    [['x'], ['abcde']],
  ])('%j: recorded once, and not sent again; the others of its row are', (missing, left) =>
    inQueue(({ context, queue, row, lane, recorded }) => {
      row(FIVE, { lane: failed, attempt: 1 });
      row(['a', 'z'], { seq: 2 });
      for (let n = 0; n < 2; n += 1) recordLost(context, { id: ID, name: 'docs' }, queue, new Set(missing));
      expect(lane(failed)).toEqual(left.map((ids) => [ids, 1]));
      expect(recorded().sort()).toEqual(missing.filter((id) => id !== 'x').map((id) => `${id} gone`));
      // Nothing of that row was sent.
      expect(lane(planned)).toEqual([['az', 0]]);
    }),
  );
});

describe('what became of a batch', () => {
  function batchOf({ queue }: Scene, row: QueueRow, done: Record<string, Done>): Batch {
    const ended = row.items.flatMap((item) => {
      const outcome = done[item.id];
      return outcome === undefined ? [] : [[item, outcome] as const];
    });
    const known = { live: new Set<string>(), unauthorized: null, projectGone: false };
    return {
      ...{ id: ID, name: 'docs', queue, row, reserved: row.items.length },
      done: new Map(ended),
      ...known,
    };
  }

  test.each<[number, Record<string, Done>, number]>([
    [0, {}, 95],
    [0, { a: 'deleted' }, 96],
    [0, { a: 'deleted', b: 'in-doubt', c: 'aliased' }, 98],
    [0, { a: 'gone', b: 'gone', c: 'gone', d: 'refused', e: 'in-doubt' }, 100],
    // Counted when it was sent first.
    [1, { a: 'deleted' }, 100],
  ])('tried %d times before, %j: what was not sent does not count against the limit', (attempt, done, sent) =>
    inQueue((scene) => {
      const row = scene.row(FIVE, { attempt });
      recordBatch(scene.context, batchOf(scene, row, done));
      expect(scene.run.sent).toBe(sent);
    }),
  );

  test('what is in doubt or aliased is not over: it goes again, and is not recorded', () =>
    inQueue((scene) => {
      const row = scene.row(FIVE);
      recordBatch(scene.context, batchOf(scene, row, { a: 'deleted', b: 'in-doubt', c: 'aliased' }));
      expect(scene.recorded()).toEqual(['a deleted']);
      expect([planned, failed, forced].map(scene.lane)).toEqual([[['de', 0]], [['b', 1]], [['c', 1]]]);
      expect(scene.queue.left).toBe(4);
    }));

  test('what is in doubt after the last try has failed; what is aliased still goes', () =>
    inQueue((scene) => {
      const row = scene.row(FIVE, { lane: failed, attempt: 4 });
      recordBatch(scene.context, batchOf(scene, row, { a: 'gone', b: 'in-doubt', c: 'aliased' }));
      expect(scene.recorded().sort()).toEqual(['a gone', 'b failed']);
      expect([planned, failed, forced].map(scene.lane)).toEqual([[], [['de', 4]], [['c', 4]]]);
    }));
});

describe('a batch that was reserved', () => {
  test.each([
    ['another row is about to leave', { lane: planned, seq: 2, count: 1 }],
    ['another lane is about to leave', { lane: failed, seq: 1, count: 1 }],
    ['its row was answered meanwhile', null],
  ])('is taken back and not sent where %s', (_, sending) =>
    inQueue(async ({ context, run, queue, row }) => {
      const reserved = { id: ID, name: 'docs', queue, row: row(FIVE), items: items(...FIVE) };
      queue.sending = sending;
      const { calls, sent } = callsWith({ kind: 'spent' });
      await deleteBatch(context, calls, reserved);
      expect(sent).toEqual([]);
      expect(run.sent).toBe(95);
    }),
  );
});

describe('a head that cannot be read before deletes are forced', () => {
  test.each<[ErrorClass, number]>([
    ['in-doubt', 1],
    ['refused', 1],
    // The whole account waits: that is no failure of this list.
    ['blocked', 0],
    ['unauthorized', 0],
  ])('%s: that has failed %d times, and nothing of its row was sent', (kind, failures) =>
    inQueue(async ({ context, queue, row, lane }) => {
      const forcedRow = row(FIVE, { lane: forced });
      const reserved = { id: ID, name: 'docs', queue, row: forcedRow, items: forcedRow.items };
      const { calls } = callsWith({ kind: 'failed', error: failure(kind) });
      expect(await lookAtHead(context, calls, reserved)).toBe('unread');
      expect(lane(forced)).toEqual([['abcde', 0]]);
      expect(queue.unread ?? 0).toBe(failures);
      expect(queue.due).toBeGreaterThan(START);
    }),
  );
});
