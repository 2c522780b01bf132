// Starts the bench's Worker in real workerd, bundled as wrangler bundles it, and talks to it. Node only.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createTestHarness } from 'wrangler';
import { canReadCpu, childrenNamed, cpuOf } from './process-cpu.ts';

const IN_MEMORY = '/dev/shm';

/** The running Worker. */
export interface Runtime {
  /** Asks an object of the Bench; each name has storage of its own. */
  ask(object: string, path: string, body?: unknown): Promise<Response>;
  /** The JSON of the same; throws where the answer is an error. */
  json<T>(object: string, path: string, body?: unknown): Promise<T>;
  /** CPU time of the workerd process so far (ms); `null` where it cannot be told. */
  cpu(): number | null;
  stop(): Promise<void>;
}

/**
 * Starts a process of its own. In it wrangler also runs a collector of traces (X_LOCAL_OBSERVABILITY, on unless told), which
 * takes CPU for each `fetch` and stores what it was told: not `traced` leaves it out.
 */
export async function startRuntime({ traced = true } = {}): Promise<Runtime> {
  process.env.X_LOCAL_OBSERVABILITY = String(traced);
  // Where it stores: to write through to a disk takes CPU that no Worker pays for, here more and there less.
  if (existsSync(IN_MEMORY)) process.env.TMPDIR = IN_MEMORY;
  const others = canReadCpu() ? childrenNamed('workerd') : [];
  const harness = createTestHarness({
    workers: [{ configPath: join(import.meta.dirname, 'wrangler.toml') }],
  });
  const { url } = await harness.listen();
  const ask = (object: string, path: string, body?: unknown) =>
    fetch(new URL(path, url), {
      headers: { 'x-object': object },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  const started = canReadCpu() ? childrenNamed('workerd').filter((child) => !others.includes(child)) : [];
  const pid = await busiest(started, () => ask('main', '/spin'));
  return {
    ask,
    async json<T>(object: string, path: string, body?: unknown) {
      const response = await ask(object, path, body);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    cpu: () => (pid === null ? null : cpuOf(pid)),
    stop: () => harness.close(),
  };
}

/** Which of these processes does the work: wrangler starts one for the Worker and one that passes requests on to it. */
async function busiest(pids: readonly number[], work: () => Promise<unknown>): Promise<number | null> {
  const before = pids.map(cpuOf);
  await work();
  const spent = pids.map((pid, index) => cpuOf(pid) - (before[index] ?? 0));
  return pids[spent.indexOf(Math.max(...spent))] ?? null;
}
