// The status page over a world's Keeper, as the Worker serves it. Decides nothing.

import type { KeeperAsks } from '../../src/asks.ts';
import type { Door } from '../../src/config/config.ts';
import { wantLog } from '../../src/keeper/build-log.ts';
import type { KeeperCore } from '../../src/keeper/keeper.ts';
import { readDeploymentPage } from '../../src/keeper/views/deployment.ts';
import { readFound } from '../../src/keeper/views/find.ts';
import {
  readBranchBuild,
  readOverviewPage,
  readProjectPage,
  readRunPage,
  readRunsPage,
} from '../../src/keeper/views/reads.ts';
import { readStanding } from '../../src/keeper/views/shown.ts';
import type { KeeperReads } from '../../src/reads.ts';
import { app } from '../../src/web/app.ts';
import type { Site } from '../../src/web/site.ts';
import type { World } from './world.ts';

/** What the pages read, of a Keeper that is not behind a stub. */
export function readsOf(keeper: KeeperCore): KeeperReads & KeeperAsks & KeeperAsks {
  return {
    overview: (query) => keeper.view(null, (view) => readOverviewPage(view, query)),
    project: (name, query) => keeper.view(name, (view) => readProjectPage(view, name, query)),
    standing: (name) => keeper.view(name, (view) => readStanding(view, name)),
    branchBuild: (name, branch) => keeper.view(name, (view) => readBranchBuild(view, name, branch)),
    runs: (query) => keeper.view(null, (view) => readRunsPage(view, query)),
    run: (id, page) => keeper.view(null, (view) => readRunPage(view, id, page)),
    deployment: (name, id, withLog) =>
      keeper.view(
        name,
        (view) => readDeploymentPage(view, name, id, withLog),
        (page, view) => page !== null && wantLog(view, page),
      ),
    find: (text, page) => keeper.view(null, (view) => readFound(view, text, page)),
    ask: (request) => keeper.ask(request),
    health: async () => keeper.health(),
  };
}

/** The pages; their log lines go to the world's. */
export function pagesOf(world: World, door: Door = { mode: 'public' }) {
  const site: Site = {
    keeper: () => readsOf(world.keeper),
    door,
    shareKey: null,
    hookKey: null,
    rebuildButton: false,
    buildLogs: true,
    problems: [],
    simulated: false,
    now: world.now,
    keysOf: () => () => Promise.reject(new Error('no keys in this test')),
    timeZone: null,
    version: '0.0.0',
    log: (entry) => void world.log.push(entry),
  };
  return { request: async (path: string, init: RequestInit = {}) => app.request(path, init, site) };
}
