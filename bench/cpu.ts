// CPU of the whole workerd process for a slice of the real Keeper, against a bare loop of the same requests in the same process
// and run. The simulator answers over HTTP from this process. Slice and loop in turn, many times; medians.
import { serve } from '../simulator/server.ts';
import { Simulator } from '../simulator/simulator.ts';
import type { Runtime } from './runtime.ts';
import { addScenario, START, sortOut } from './scenario.ts';
import type { BareOrder, SliceDone, SliceOrder } from './slices.ts';

/** Median CPU (ms) of a slice, of the bare loop of the same calls that came after it, and of a request that does nothing. */
export interface SliceCpu {
  readonly slice: number;
  readonly bare: number;
  readonly idle: number;
  /** Median of each slice by the loop after it: what slows the machine for a while slows both. */
  readonly ratio: number;
  /** The same, what the request that does nothing takes off both. */
  readonly netRatio: number;
  readonly samples: number;
}

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const TOTAL = 5_000;
const WARM_UP = 8;
const ENOUGH = 48;
const DRY_RUNS = 12;
const CROWD = 1_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One slice, and what came after it (CPU in ms). */
interface Sample {
  readonly slice: number;
  readonly bare: number;
  readonly idle: number;
}

function summary(samples: readonly Sample[]): SliceCpu {
  const late = samples.slice(WARM_UP);
  const of = (figure: (sample: Sample) => number) => median(late.map(figure));
  return {
    slice: of(({ slice }) => slice),
    bare: of(({ bare }) => bare),
    idle: of(({ idle }) => idle),
    ratio: of(({ slice, bare }) => slice / bare),
    netRatio: of(({ slice, bare, idle }) => (slice - idle) / (bare - idle)),
    samples: late.length,
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

/** The kinds of slice; `crowded`: deletes while a thousand other projects wait for their turn. */
export type SlicesCpu = Readonly<Record<'lists' | 'deletes' | 'crowded', SliceCpu>>;

/** Measures all kinds of slice; `null` where the CPU of a process cannot be told. */
export async function measureSlices(
  runtime: Runtime,
  say: (line: string) => void,
): Promise<SlicesCpu | null> {
  if (runtime.cpu() === null) return null;
  const api = await accounts();
  const samples: Record<keyof SlicesCpu, Sample[]> = { lists: [], deletes: [], crowded: [] };

  async function timed<T>(work: () => Promise<T>): Promise<{ done: T; took: number }> {
    await pause(5);
    const before = runtime.cpu() ?? 0;
    const done = await work();
    await pause(5);
    return { done, took: (runtime.cpu() ?? 0) - before };
  }

  /** The loop that asks as the Keeper does: list pages one after the other, for each says what is next; deletes six at a time. */
  async function compare(kind: keyof SlicesCpu, slice: number): Promise<void> {
    const order: BareOrder =
      kind === 'lists'
        ? { method: 'GET', urls: api.lists(), inFlight: 1 }
        : { method: 'DELETE', urls: api.deletes(), inFlight: 6 };
    const bare = await timed(() => runtime.json<number>('main', '/slices/bare', order));
    const idle = await timed(() => runtime.json('main', '/idle', {}));
    if (bare.done === order.urls.length) samples[kind].push({ slice, bare: bare.took, idle: idle.took });
  }

  /** One whole run of the Keeper on storage of its own, slice by slice. */
  async function drain(object: string, dryRun: boolean, waiting = 0): Promise<void> {
    const kind = waiting > 0 ? 'crowded' : 'deletes';
    let at: number | null = START;
    let tick = true;
    while (at !== null && samples[kind].length < ENOUGH) {
      api.setNow(at);
      const order: SliceOrder = { at, baseUrl: api.keeperApi.baseUrl, dryRun, tick, waiting };
      const { done, took } = await timed(() => runtime.json<SliceDone>(object, '/slices/slice', order));
      if (done.lists === 12 && done.deletes === 0 && waiting === 0) await compare('lists', took);
      if (done.lists === 0 && done.deletes === 45) await compare(kind, took);
      at = done.alarmAt;
      tick = false;
    }
  }

  for (let run = 1; run <= DRY_RUNS; run += 1) {
    say(`  reading 5,000 deployments, ${run} of ${DRY_RUNS + 1}`);
    await drain(`dry-${run}`, true);
  }
  say(`  reading and deleting, ${DRY_RUNS + 1} of ${DRY_RUNS + 1}`);
  await drain('live', false);
  say(`  the same while ${CROWD} other projects wait`);
  await drain('crowded', false, CROWD);
  await api.close();
  const { lists, deletes, crowded } = samples;
  return { lists: summary(lists), deletes: summary(deletes), crowded: summary(crowded) };
}
