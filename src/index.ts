// The composition root: { fetch, scheduled } and the Keeper class; nothing else.

import { DurableObject } from 'cloudflare:workers';
import { ConfigError, readConfig, readDoor } from './config.ts';
import { createKeeper, type TickResult } from './keeper/keeper.ts';
import { readOverviewPage, readProjectPage, readRunPage, readRunsPage } from './keeper/reads.ts';
import type { Tick } from './keeper/runs.ts';
import type {
  Health,
  KeeperReads,
  Overview,
  ProjectPage,
  ProjectQuery,
  RunPage,
  RunsPage,
} from './plan/report.ts';
import { createApp } from './status/app.ts';
import { VERSION } from './version.ts';

const env2vars = (env: Env) => env as unknown as Readonly<Record<string, unknown>>;

/** The Keeper: one object per account and API host. All of its work is in keeper/. */
export class Keeper extends DurableObject<Env> implements KeeperReads {
  readonly #keeper = createKeeper({
    sql: this.ctx.storage.sql,
    alarms: {
      set: (at) => this.ctx.storage.setAlarm(at),
      clear: () => this.ctx.storage.deleteAlarm(),
    },
    readConfig: () => readConfig(env2vars(this.env)),
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    log: (entry) => console.log(JSON.stringify(entry)),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  tick(tick: Tick): Promise<TickResult> {
    return this.#keeper.tick(tick);
  }

  override alarm(): Promise<void> {
    return this.#keeper.alarm();
  }

  overview(): Promise<Overview> {
    return this.#keeper.view(null, readOverviewPage);
  }

  project(name: string, query: ProjectQuery): Promise<ProjectPage | null> {
    return this.#keeper.view(name, (view) => readProjectPage(view, name, query));
  }

  runs(): Promise<RunsPage> {
    return this.#keeper.view(null, readRunsPage);
  }

  run(id: string, page: number): Promise<RunPage | null> {
    return this.#keeper.view(null, (view) => readRunPage(view, id, page));
  }

  async health(): Promise<Health> {
    return this.#keeper.health();
  }
}

function keeperOf(env: Env, name: string): DurableObjectStub<Keeper> {
  return env.KEEPER.getByName(name);
}

export default {
  async fetch(request, env, ctx) {
    let config: ReturnType<typeof readConfig> | null = null;
    try {
      config = readConfig(env2vars(env));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
    const app = createApp({
      keeper: () => keeperOf(env, config?.keeperName ?? '') as unknown as KeeperReads,
      door: readDoor(env2vars(env)),
      configured: config !== null,
      simulated: config?.simulated ?? false,
      now: () => Date.now(),
      access: (ctx as { access?: { aud: string } }).access,
      fetchKeys: (input, init) => fetch(input, init),
      version: VERSION,
      log: (entry) => console.log(JSON.stringify(entry)),
    });
    return app.fetch(request);
  },

  async scheduled(controller, env) {
    const { cron, scheduledTime } = controller;
    const config = readConfig(env2vars(env));
    const result = await keeperOf(env, config.keeperName).tick({ cron, scheduledTime });
    if (!result.ok) throw new Error(result.message);
  },
} satisfies ExportedHandler<Env>;
