// Page views inside the Bench object: the real app over the real Keeper's reads on a simulated account, one view or many in one
// request, so that the process's CPU can be divided by their number.
import { app } from '../src/web/app.ts';
import type { Site } from '../src/web/site.ts';
import { readsOf } from '../test/keeper/pages.ts';
import { addProjects } from './quiet.ts';
import { addScenario, MINUTE, START } from './scenario.ts';
import { type BenchWorld, openBench } from './world.ts';

/** The views measured: how many projects the account has, and what is looked at. */
export const VIEWS = {
  project: { projects: 0, path: '/projects/docs' },
  filtered: { projects: 0, path: '/projects/docs?branch=feature-3' },
  next: { projects: 0, path: '/projects/docs?verdict=next' },
  'overview-20': { projects: 20, path: '/' },
  'overview-100': { projects: 100, path: '/' },
  'overview-1000': { projects: 1_000, path: '/' },
  runs: { projects: 100, path: '/runs' },
} as const;

export type ViewName = keyof typeof VIEWS;

function siteOf(world: BenchWorld): Site {
  const reads = readsOf(world.keeper);
  return {
    keeper: () => ({ ...reads, ask: () => Promise.reject(new Error('nobody asks here')) }),
    door: { mode: 'public' },
    shareKey: null,
    hookKey: null,
    rebuildButton: false,
    buildLogs: false,
    problems: [],
    simulated: false,
    now: () => world.clock.now,
    keysOf: () => () => Promise.reject(new Error('nobody comes by Access')),
    version: '1.0.0',
    timeZone: 'Europe/Berlin',
    log: (entry) => console.log(JSON.stringify(entry)),
  };
}

/** The routes. */
export class Pages {
  readonly #sql: Pick<SqlStorage, 'exec'>;
  #world: BenchWorld | null = null;

  constructor(sql: Pick<SqlStorage, 'exec'>) {
    this.#sql = sql;
  }

  /** `GET /pages/<view>?views=n`: renders it n times; answers the page, with the rows that the last view read in a header. */
  async answer(name: string, query: URLSearchParams): Promise<Response> {
    const view = VIEWS[name as ViewName];
    this.#world ??= await this.#open(view.projects);
    const world = this.#world;
    const site = siteOf(world);
    const views = Number(query.get('views') ?? 1);
    let page = new Response(null);
    let rows = 0;
    for (let n = 0; n < views; n += 1) {
      const before = world.rows.read;
      page = await app.fetch(new Request(`https://status.example.com${view.path}`), site);
      rows = world.rows.read - before;
    }
    const headers = new Headers(page.headers);
    headers.set('x-rows-read', String(rows));
    return new Response(views === 0 ? 'ready' : page.body, {
      status: views === 0 ? 200 : page.status,
      headers,
    });
  }

  async #open(projects: number): Promise<BenchWorld> {
    const world = openBench(this.#sql, { seed: 5, settings: { DRY_RUN: 'true' } });
    if (projects === 0) addScenario(world.simulator, 'docs', 5_000);
    else addProjects(world, projects, projects > 100 ? 12 : 60);
    await world.tick(START, START + 30 * MINUTE);
    world.clock.now += 10_000;
    return world;
  }
}
