// CPU of the whole workerd process for a slice of the real Keeper, against a bare loop of the same requests in the same process
// and run. The simulator answers over HTTP from this process. Interleaved, many times; medians.
import { serve } from '../simulator/server.ts';
import { Simulator } from '../simulator/simulator.ts';
import type { Runtime } from './runtime.ts';
import { addScenario, START, sortOut } from './scenario.ts';
import type { BareOrder, SliceDone, SliceOrder } from './slices.ts';

/** Median CPU (ms) of a slice, of bare loops of the same calls, and of a request that does nothing. */
export interface SliceCpu {
  readonly slice: number;
  /** The loop that asks as the Keeper does: list pages one after the other, deletes six at a time. */
  readonly bare: number;
  readonly sequential: number;
  readonly sixAtOnce: number;
  readonly idle: number;
  readonly samples: number;
}

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const TOTAL = 5_000;
const WARM_UP = 8;
const ENOUGH = 48;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Samples {
  readonly slice: number[];
  readonly sequential: number[];
  readonly sixAtOnce: number[];
  readonly idle: number[];
}

const noSamples = (): Samples => ({ slice: [], sequential: [], sixAtOnce: [], idle: [] });

function summary({ slice, sequential, sixAtOnce, idle }: Samples, inFlight: 1 | 6): SliceCpu {
  const late = (numbers: readonly number[]) => median(numbers.slice(Math.min(WARM_UP, numbers.length - 1)));
  const [one, six] = [late(sequential), late(sixAtOnce)];
  return {
    slice: late(slice),
    bare: inFlight === 1 ? one : six,
    sequential: one,
    sixAtOnce: six,
    idle: late(idle),
    samples: slice.length - WARM_UP,
  };
}

/** A served account for the Keeper, and one for the loops; the rate limit's headers are on both. */
async function accounts() {
  let now = START;
  const served = new Simulator({ now: () => now });
  const bare = new Simulator({
    now: () => now,
    limit: { calls: 1_000_000, windowMs: 300_000, blockMs: 300_000 },
  });
  addScenario(served, 'docs', TOTAL);
  const ids = [...sortOut(addScenario(bare, 'docs', TOTAL), START).go].values();
  const [keeperApi, bareApi] = [await serve(served), await serve(bare)];
  const deployments = `${bareApi.baseUrl}/accounts/account/pages/projects/docs/deployments`;
  let page = 0;
  return {
    keeperApi,
    setNow(at: number) {
      now = at;
    },
    lists: () => Array.from({ length: 12 }, () => `${deployments}?page=${1 + (page++ % 180)}&per_page=25`),
    deletes: () => Array.from({ length: 45 }, () => `${deployments}/${ids.next().value ?? 'none'}`),
    async close() {
      await Promise.all([keeperApi.close(), bareApi.close()]);
    },
  };
}

/** Measures both kinds of slice; `null` where the CPU of a process cannot be told. */
export async function measureSlices(
  runtime: Runtime,
  say: (line: string) => void,
): Promise<{ lists: SliceCpu; deletes: SliceCpu } | null> {
  if (runtime.cpu() === null) return null;
  const api = await accounts();
  const samples = { lists: noSamples(), deletes: noSamples() };

  async function timed<T>(work: () => Promise<T>, into: (done: T) => number[] | null): Promise<T> {
    await pause(5);
    const before = runtime.cpu() ?? 0;
    const done = await work();
    await pause(5);
    into(done)?.push((runtime.cpu() ?? 0) - before);
    return done;
  }
  const bare = (order: BareOrder) => runtime.json<number>('main', '/slices/bare', order);

  async function compare(kind: 'lists' | 'deletes'): Promise<void> {
    const method = kind === 'lists' ? 'GET' : 'DELETE';
    const inFlight = samples[kind].slice.length % 2 === 0 ? 6 : 1;
    const urls = api[kind]();
    const into = inFlight === 6 ? samples[kind].sixAtOnce : samples[kind].sequential;
    await timed(
      () => bare({ method, urls, inFlight }),
      (ok) => (ok === urls.length ? into : null),
    );
    await timed(
      () => runtime.json('main', '/idle', {}),
      () => samples[kind].idle,
    );
  }

  /** One whole run of the Keeper on storage of its own, slice by slice. */
  async function drain(object: string, dryRun: boolean): Promise<void> {
    let at: number | null = START;
    let tick = true;
    while (at !== null && samples.deletes.slice.length < ENOUGH) {
      api.setNow(at);
      const order: SliceOrder = { at, baseUrl: api.keeperApi.baseUrl, dryRun, tick };
      const kindOf = ({ lists, deletes }: SliceDone) =>
        lists === 12 && deletes === 0 ? 'lists' : lists === 0 && deletes === 45 ? 'deletes' : null;
      const done: SliceDone = await timed(
        () => runtime.json<SliceDone>(object, '/slices/slice', order),
        (slice) => {
          const kind = kindOf(slice);
          return kind === null ? null : samples[kind].slice;
        },
      );
      const kind = kindOf(done);
      if (kind !== null) await compare(kind);
      at = done.alarmAt;
      tick = false;
    }
  }

  for (let run = 1; run <= 2; run += 1) {
    say(`  reading 5,000 deployments, ${run} of 3`);
    await drain(`dry-${run}`, true);
  }
  say('  reading and deleting, 3 of 3');
  await drain('live', false);
  await api.close();
  return { lists: summary(samples.lists, 1), deletes: summary(samples.deletes, 6) };
}
