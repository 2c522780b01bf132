// The status page over a world's Keeper, as the Worker serves it. Decides nothing.

import type { Door } from '../../src/config.ts';
import {
  readNewestReady,
  readOverviewPage,
  readProjectPage,
  readRunPage,
  readRunsPage,
} from '../../src/keeper/viewing/reads.ts';
import type { KeeperReads } from '../../src/plan/report.ts';
import { createApp } from '../../src/status/app.ts';
import type { World } from './world.ts';

const ALL = { page: 1, branch: null, environment: null, status: null };

/** The app; its log lines go to the world's. */
export function pagesOf(world: World, door: Door = { mode: 'public' }) {
  const { keeper } = world;
  const reads: KeeperReads = {
    overview: () => keeper.view(null, readOverviewPage),
    project: (name) => keeper.view(name, (view) => readProjectPage(view, name, ALL)),
    newestReady: (name, branch) => keeper.view(name, (view) => readNewestReady(view, name, branch)),
    runs: () => keeper.view(null, readRunsPage),
    run: (id, page) => keeper.view(null, (view) => readRunPage(view, id, page)),
    health: async () => keeper.health(),
  };
  return createApp({
    keeper: () => reads,
    door,
    configured: true,
    simulated: false,
    now: world.now,
    version: '0.0.0',
    log: (entry) => void world.log.push(entry),
  });
}
