// The composition root: { fetch, scheduled } and the Keeper class; nothing else.

// Before all else, since what stands together in the bundle is compressed together: the largest library, so that our own code is in one
// piece, and of that what asks the servers. It is 0.8 KB less.
import 'croner';
import './git/ask.ts';
import './pages-api/client.ts';
import { DurableObject } from 'cloudflare:workers';
import type { Asked, BuildRequest, KeeperAsks } from './asks.ts';
import { configOnce, settingsOnce } from './config/config.ts';
import type { DeploymentPage, Found } from './found.ts';
import { wantLog } from './keeper/build-log.ts';
import type { TickResult } from './keeper/deps.ts';
import { KeeperCore } from './keeper/keeper.ts';
import type { Tick } from './keeper/runs.ts';
import { readDeploymentPage } from './keeper/views/deployment.ts';
import { readFound } from './keeper/views/find.ts';
import {
  readBranchBuild,
  readOverviewPage,
  readProjectPage,
  readRunPage,
  readRunsPage,
} from './keeper/views/reads.ts';
import { readStanding } from './keeper/views/shown.ts';
import { type LogEntry, writeLog } from './log.ts';
import type {
  BranchBuild,
  KeeperReads,
  Overview,
  OverviewQuery,
  ProjectPage,
  ProjectQuery,
  RunPage,
  RunsPage,
  RunsQuery,
} from './reads.ts';
import type { Health, ProjectStanding } from './report.ts';
import { VERSION } from './version.ts';
import { app } from './web/app.ts';
import { createKeysOf } from './web/auth/access.ts';
import type { Site } from './web/site.ts';

/** What wrangler's configuration binds. Beside it stand the settings, which may be any, of any type. */
export interface KeeperEnv {
  readonly KEEPER: DurableObjectNamespace<Keeper>;
}

const settingsOf = (env: KeeperEnv) => env as unknown as Readonly<Record<string, unknown>>;
const log = (entry: LogEntry) => writeLog(console, entry);

/** The Keeper: one object per account and API host. All of its work is in keeper/. */
export class Keeper extends DurableObject<KeeperEnv> implements KeeperReads, KeeperAsks {
  readonly #keeper = new KeeperCore({
    storage: {
      sql: this.ctx.storage.sql,
      transactionSync: (writes) => this.ctx.storage.transactionSync(writes),
    },
    alarms: {
      set: (at) => this.ctx.storage.setAlarm(at),
      clear: () => this.ctx.storage.deleteAlarm(),
    },
    readConfig: () => configOnce(settingsOf(this.env)),
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    log,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  tick(tick: Tick): Promise<TickResult> {
    return this.#keeper.tick(tick);
  }

  override alarm(): Promise<void> {
    return this.#keeper.alarm();
  }

  overview(query: OverviewQuery): Promise<Overview> {
    return this.#keeper.view(null, (view) => readOverviewPage(view, query));
  }

  project(name: string, query: ProjectQuery): Promise<ProjectPage | null> {
    return this.#keeper.view(name, (view) => readProjectPage(view, name, query));
  }

  standing(name: string): Promise<ProjectStanding | null> {
    return this.#keeper.view(name, (view) => readStanding(view, name));
  }

  branchBuild(name: string, branch: string): Promise<BranchBuild | null> {
    return this.#keeper.view(name, (view) => readBranchBuild(view, name, branch));
  }

  runs(query: RunsQuery): Promise<RunsPage> {
    return this.#keeper.view(null, (view) => readRunsPage(view, query));
  }

  run(id: string, page: number): Promise<RunPage | null> {
    return this.#keeper.view(null, (view) => readRunPage(view, id, page));
  }

  deployment(name: string, id: string, withLog: boolean): Promise<DeploymentPage | null> {
    return this.#keeper.view(
      name,
      (view) => readDeploymentPage(view, name, id, withLog),
      (page, view) => page !== null && wantLog(view, page),
    );
  }

  find(text: string, page: number): Promise<Found> {
    return this.#keeper.view(null, (view) => readFound(view, text, page));
  }

  ask(request: BuildRequest): Promise<Asked> {
    return this.#keeper.ask(request);
  }

  async health(): Promise<Health> {
    return this.#keeper.health();
  }
}

const keysOf = createKeysOf((input, init) => fetch(input, init));

/** What the page of this request is made from. */
function siteOf(env: KeeperEnv, ctx: ExecutionContext, timeZone: string | null): Site {
  const { config, ...settings } = settingsOnce(settingsOf(env));
  return {
    ...settings,
    keeper: () => {
      if (config === null) throw new Error('the configuration is broken');
      return env.KEEPER.getByName(config.keeperName) as unknown as KeeperReads & KeeperAsks;
    },
    buildLogs: config?.buildLogs ?? false,
    keysOf,
    log,
    simulated: config?.simulated ?? false,
    now: () => Date.now(),
    // Set by the runtime where Cloudflare Access protects the Worker itself; newer than the published types.
    access: (ctx as { access?: { aud: string } }).access,
    version: VERSION,
    timeZone,
  };
}

export default {
  fetch(request, env, ctx) {
    return app.fetch(request, siteOf(env, ctx, request.cf?.timezone ?? null));
  },

  async scheduled({ cron, scheduledTime }, env) {
    const { keeperName } = configOnce(settingsOf(env));
    const result = await env.KEEPER.getByName(keeperName).tick({ cron, scheduledTime });
    // A cron event fails by throwing: that is how it shows in the dashboard.
    if (!result.ok) throw new Error(result.message);
  },
} satisfies ExportedHandler<KeeperEnv>;
