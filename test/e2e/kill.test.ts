// The drain through anything, on the real runtime and the real clock: killed in mid-sentence, every fifth answer a fault, blocked
// by the API. All at the same time, each in a world of its own, since most of it is waiting: a killed batch is gone on with
// 20 s later, a build whose answer was lost is looked for after 60 s. Some 100 s in all.

import { describe, expect, test } from 'vitest';
import { Seeded } from '../../simulator/seeded.ts';
import type { Call } from '../../simulator/simulator.ts';
import { HOURLY } from './account.ts';
import { inWorld, until } from './dev-worker.ts';
import { backlog, builds, deletes, everyFifth, HOUR, POLICY, posts, watch } from './drain.ts';

const BATCH = 45;
const BLOCK_MS = 8_000;
const idsOf = (calls: readonly Call[]) => deletes(calls).map(({ deploymentId }) => deploymentId);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.concurrent('a drain', () => {
  test('killed five times at random: it goes on by itself, and at most one batch is repeated each time', () =>
    inWorld(
      {
        settings: {
          RULES: JSON.stringify([
            { projects: ['docs'], rebuild: {}, prune: POLICY },
            { projects: ['*'], prune: POLICY },
          ]),
        },
        simulator: { latency: () => 15 },
      },
      (simulator) => {
        backlog(simulator, 'docs', 600);
        backlog(simulator, 'blog', 300);
      },
      async (world) => {
        const { calls } = world.simulator;
        const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
        const seeded = new Seeded(seed);
        const moments = Array.from({ length: 5 }, () => ({
          call: 1 + seeded.below(880),
          ms: seeded.below(250),
        }));
        moments.sort((a, b) => a.call - b.call);
        console.info(
          `SEED=${seed}: killed after ${moments.map(({ call, ms }) => `call ${call} + ${ms} ms`).join(', ')}`,
        );
        const { ids, done, check } = watch(world.simulator, ['docs', 'blog']);
        expect(ids.size).toBe(900);
        // Its process may be killed before it answers.
        void world.tick(HOURLY).catch(() => null);
        const kills: number[] = [];
        for (const { call, ms } of moments) {
          await until(`call ${call}`, () => calls.length >= call);
          await pause(ms);
          await world.kill();
          kills.push(calls.length);
          await world.start();
        }
        await until('all are deleted', done);
        // What was sent since the kill before, and again after this one, be it after the next one only.
        const repeated = kills.map((at, nth) => {
          const before = new Set(idsOf(calls.slice(kills[nth - 1] ?? 0, at)));
          return before.intersection(new Set(idsOf(calls.slice(at)))).size;
        });
        console.info(
          `deletes sent again after each kill: ${repeated.join(', ')}; ${calls.length} calls in all`,
        );
        for (const count of repeated) expect(count).toBeLessThanOrEqual(BATCH);
        const runs = await world.ended();
        check();
        expect(runs).toHaveLength(1);
        expect(runs[0]).toMatchObject({ outcome: 'done', counts: { failed: 0, refused: 0, remaining: 0 } });
        expect((runs[0]?.counts.deleted ?? 0) + (runs[0]?.counts.gone ?? 0)).toBe(900);
        expect(builds(calls)).toHaveLength(1);
      },
    ));

  test('killed between the POST and its answer: one build per due tick', () =>
    inWorld(
      { settings: { RULES: JSON.stringify([{ projects: ['*'], rebuild: {} }]) } },
      (simulator) => backlog(simulator, 'site', 5),
      async (world) => {
        const { calls } = world.simulator;
        const killed = Promise.withResolvers<void>();
        world.listener = async (request, answer) => {
          const response = await answer();
          if (request.method === 'POST') await killed.promise;
          return response;
        };
        const at = Date.now();
        void world.tick(HOURLY, at).catch(() => null);
        await until('the POST', () => builds(calls).length > 0);
        await world.kill();
        killed.resolve();
        const before = calls.length;
        await world.start();
        const since = Date.now();
        await until('it looks for the build', () => calls.length > before);
        console.info(`looked for the build ${((Date.now() - since) / 1_000).toFixed(0)} s after the restart`);
        const [run] = await world.ended();
        expect(run).toMatchObject({ outcome: 'done', rebuilds: [{ project: 'site', branch: 'main' }] });
        expect(run?.rebuilds[0]?.deploymentId).toBe(
          world.simulator.account.project('site').deployments[0]?.id,
        );
        // The same event once more; then the next one.
        await world.tick(HOURLY, at);
        await world.ended();
        expect(posts(calls)).toHaveLength(1);
        await world.tick(HOURLY, at + HOUR);
        await world.ended();
        expect(posts(calls)).toHaveLength(2);
      },
    ));

  test('every fifth answer a fault: the exact set goes, and no build happens twice', () =>
    inWorld(
      {
        settings: {
          RULES: JSON.stringify([
            { projects: ['site-*'], rebuild: {} },
            { projects: ['*'], prune: POLICY },
          ]),
        },
      },
      (simulator) => {
        backlog(simulator, 'docs', 150);
        for (let at = 1; at <= 6; at += 1) backlog(simulator, `site-${at}`, 5);
        simulator.fault = everyFifth();
      },
      async (world) => {
        const { calls, account } = world.simulator;
        const { ids, done, check } = watch(world.simulator, ['docs']);
        expect(ids.size).toBe(150);
        await world.tick(HOURLY);
        await until('all are deleted', done);
        const sites = account.projects.map(({ name }) => name).filter((name) => name !== 'docs');
        const [run] = await world.ended();
        const faults = Map.groupBy(
          calls.filter(({ fault }) => fault),
          ({ method, fault }) => `${method} ${fault}`,
        );
        console.info([...faults].map(([kind, hit]) => `${kind}: ${hit.length}`).join(', '));
        check();
        expect(
          posts(calls)
            .map(({ project }) => project)
            .sort(),
        ).toEqual(sites);
        expect(builds(calls).filter(({ fault }) => fault)).not.toEqual([]);
        expect(run).toMatchObject({ outcome: 'done', counts: { failed: 0, refused: 0, remaining: 0 } });
      },
    ));

  test('blocked in mid-drain, and killed in a second block: no call inside, one probe after it, then on', () =>
    inWorld(
      {
        settings: { RULES: JSON.stringify([{ projects: ['*'], prune: POLICY }]) },
        simulator: {
          limit: { calls: 1_200, windowMs: 5_000, blockMs: BLOCK_MS },
          latency: ({ method }) => (method === 'GET' ? 200 : 20),
        },
      },
      (simulator) => {
        backlog(simulator, 'docs', 300);
        let deleted = 0;
        simulator.fault = ({ method }) => {
          if (method === 'DELETE') deleted += 1;
          return method === 'DELETE' && [80, 200].includes(deleted) ? { kind: 'block' } : null;
        };
      },
      async (world) => {
        const { calls } = world.simulator;
        const { done, check } = watch(world.simulator, ['docs']);
        await world.tick(HOURLY);
        const blocks = () => calls.filter(({ fault }) => fault === 'block');
        await until('the second block', () => blocks().length === 2);
        await pause(700);
        await world.kill();
        await world.start();
        await until('all are deleted', done);
        for (const { at } of blocks()) {
          const end = at + BLOCK_MS;
          // What was on its way when the block began; on a slow machine it may take its time.
          const inside = calls.filter((call) => call.at > at && call.at < end);
          expect(inside.length).toBeLessThanOrEqual(12);
          const [probe, next] = calls.filter((call) => call.at >= end);
          expect(probe).toMatchObject({ method: 'GET', status: 200 });
          expect((next?.at ?? 0) - (probe?.at ?? 0)).toBeGreaterThanOrEqual(195);
        }
        check();
        const [run] = await world.ended();
        expect(run).toMatchObject({ outcome: 'done', counts: { failed: 0, remaining: 0 } });
      },
    ));
});
