// Side by side on the same simulated account and limit: the Keeper, Cloudflare's documented example, the naive Worker; hourly
// ticks, under the 50 subrequests of Workers Free and without them.
import type { Simulator } from '../simulator/simulator.ts';
import { VirtualClock } from './clock.ts';
import { documented, invokePeer, naive, type Peer, platformFetch } from './peers.ts';
import { addScenario, HOUR, START, sortOut } from './scenario.ts';
import { benchSimulator, openBench } from './world.ts';

/** What became of the scenario after some hourly ticks. */
export interface PeerFigures {
  readonly name: string;
  readonly ticks: number;
  readonly invocations: number;
  readonly failedInvocations: number;
  readonly calls: number;
  readonly deleted: number;
  readonly missed: number;
  readonly blocked: number;
  /** Deletes sent for a young, live or latest deployment, refused by the API or not. */
  readonly wrong: number;
}

const TICKS = 8;
const TOTAL = 5_000;
const FREE = 50;
const PAID = 10_000;

interface Entrant {
  readonly name: string;
  readonly simulator: Simulator;
  /** Gives how many invocations it took, and how many of them threw. */
  tick(at: number): Promise<{ invocations: number; failed: number }>;
}

async function race({ name, simulator, tick }: Entrant): Promise<PeerFigures> {
  const project = addScenario(simulator, 'docs', TOTAL);
  const { go: planned } = sortOut(project, START);
  let [ticks, invocations, failedInvocations, wrong] = [0, 0, 0, 0];
  for (; ticks < TICKS; ticks += 1) {
    const at = START + ticks * HOUR;
    const { keep, go } = sortOut(project, at);
    if (go.size === 0) break;
    const before = simulator.calls.length;
    const done = await tick(at);
    invocations += done.invocations;
    failedInvocations += done.failed;
    for (const { method, deploymentId } of simulator.calls.slice(before))
      if (method === 'DELETE' && keep.has(deploymentId ?? '')) wrong += 1;
  }
  const { calls } = simulator;
  const deleted = calls.filter(({ method, effect }) => method === 'DELETE' && effect).length;
  const missed = [...planned].filter((id) => project.get(id) !== null).length;
  const blocked = calls.filter(({ status }) => status === 429).length;
  return {
    ...{ name, ticks, invocations, failedInvocations, calls: calls.length, deleted, missed, blocked, wrong },
  };
}

function peerEntrant(name: string, peer: Peer, cap: number): Entrant {
  const clock = new VirtualClock(START);
  const simulator = benchSimulator(clock, 3);
  return {
    name,
    simulator,
    async tick(at) {
      clock.now = Math.max(clock.now, at);
      const fetch = platformFetch((url, init) => clock.fetch(simulator, url, init), cap);
      return { invocations: 1, failed: (await invokePeer(clock, peer, fetch)) ? 0 : 1 };
    },
  };
}

function keeperEntrant(sql: Pick<SqlStorage, 'exec'>): Entrant {
  const world = openBench(sql, { seed: 3 });
  return {
    name: 'Pages Keeper (Free and Paid)',
    simulator: world.simulator,
    async tick(at) {
      const before = world.slices.length;
      await world.tick(at, at + HOUR - 1);
      return { invocations: world.slices.length - before, failed: 0 };
    },
  };
}

/** All of them, one after the other. */
export async function comparePeers(sql: Pick<SqlStorage, 'exec'>): Promise<PeerFigures[]> {
  const entrants = [
    keeperEntrant(sql),
    peerEntrant("Cloudflare's documented example, Free", documented, FREE),
    peerEntrant("Cloudflare's documented example, Paid", documented, PAID),
    peerEntrant('list all, delete all at once, Free', naive, FREE),
    peerEntrant('list all, delete all at once, Paid', naive, PAID),
  ];
  const figures: PeerFigures[] = [];
  for (const entrant of entrants) figures.push(await race(entrant));
  return figures;
}
