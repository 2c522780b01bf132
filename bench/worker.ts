// The bench's Worker: the shipped one, and beside it in the same process one Durable Object class whose routes run the
// measurements on its own SQLite storage. Runs in Miniflare, started by bench.ts.
import { DurableObject } from 'cloudflare:workers';
import { comparePeers } from './compare.ts';
import { measureDrain, measureScenario } from './drain.ts';
import { Pages } from './pages.ts';
import { measureQuietTick, measureViews } from './quiet.ts';
import { readMany } from './refs.ts';
import { measureBranches, measureProjects, measureQuietRows } from './size.ts';
import { Slices } from './slices.ts';
import { openBench } from './world.ts';

export { default as shipped, Keeper } from '../src/index.ts';

type Sql = Pick<SqlStorage, 'exec'>;

/** What runs in virtual time, by name; each on storage of its own. */
const VIRTUAL: Readonly<Record<string, (sql: Sql) => Promise<unknown>>> = {
  scenario: (sql) => measureScenario(sql, 1),
  large: (sql) => measureDrain(openBench(sql, { seed: 4 }), 50_000),
  quiet: measureQuietTick,
  views: measureViews,
  peers: comparePeers,
  branches: (sql) => measureBranches(sql),
  projects: (sql) => measureProjects(sql),
  quietRows: measureQuietRows,
};

/** One object for each measurement. */
export class Bench extends DurableObject {
  readonly #slices = new Slices(this.ctx.storage);
  readonly #pages = new Pages(this.ctx.storage.sql);

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, part = '', what = ''] = pathname.split('/');
    const body: unknown = request.method === 'POST' ? await request.json() : null;
    if (part === 'virtual') return Response.json(await VIRTUAL[what]?.(this.ctx.storage.sql));
    if (part === 'slices') return Response.json(await this.#slices.answer(what, body));
    if (part === 'pages') return this.#pages.answer(what, searchParams);
    if (part === 'refs') return Response.json(readMany(Number(searchParams.get('readings'))));
    if (part === 'spin') for (const from = performance.now(); performance.now() < from + 100; );
    return Response.json({ ok: true });
  }

  override async alarm(): Promise<void> {
    // Alarms are a year ahead here: they cost what they cost, and never ring.
  }
}

interface BenchEnv {
  readonly BENCH: DurableObjectNamespace<Bench>;
}

export default {
  fetch(request, env) {
    return env.BENCH.getByName(request.headers.get('x-object') ?? 'main').fetch(request);
  },
} satisfies ExportedHandler<BenchEnv>;
