// Page views from outside: bytes, what the document makes a browser fetch, rows read, and the process's CPU divided by the views.
import { gzipSync } from 'node:zlib';
import { VIEWS, type ViewName } from './pages.ts';
import type { Runtime } from './runtime.ts';

/** One view. CPU in ms, `null` where it cannot be told. */
export interface PageFigures {
  readonly name: ViewName;
  readonly bytes: number;
  readonly compressed: number;
  /** The document's own and what it makes a browser fetch. */
  readonly requests: number;
  readonly scriptBytes: number;
  readonly rowsRead: number;
  /** The first view in a fresh process. */
  readonly firstCpu: number | null;
  /** Of some batches the one that other work on the machine disturbed least. */
  readonly cpu: number | null;
}

const VIEWS_A_BATCH = 50;
const BATCHES = 5;

/** Requests that a browser makes of its own accord: everything with `src`, linked styles and icons, urls in styles. */
function fetches(html: string): number {
  const sources = html.match(/\ssrc\s*=\s*["']?(?!data:)/gi) ?? [];
  const links = (html.match(/<link\b[^>]*>/gi) ?? []).filter(
    (link) =>
      /rel=["']?[^"'>]*(stylesheet|icon|preload|manifest)/i.test(link) && !/href=["']?data:/i.test(link),
  );
  const styles = html.match(/url\(\s*["']?(?!["']?data:|["']?%23|["']?#)|@import/gi) ?? [];
  return sources.length + links.length + styles.length;
}

function scriptBytes(html: string): number {
  const scripts = html.match(/<script[\s\S]*?<\/script>|\son[a-z]+\s*=\s*("[^"]*"|'[^']*')/gi) ?? [];
  return scripts.reduce((sum, script) => sum + script.length, 0);
}

/** Measures one view on storage of its own. */
async function measureView(runtime: Runtime, name: ViewName): Promise<PageFigures> {
  const view = (views: number) => runtime.ask(`view-${name}`, `/pages/${name}?views=${views}`);
  const cpuOf = async (views: number): Promise<number | null> => {
    const before = runtime.cpu();
    await (await view(views)).arrayBuffer();
    const after = runtime.cpu();
    return before === null || after === null ? null : (after - before) / views;
  };
  await (await view(0)).arrayBuffer();
  const firstCpu = await cpuOf(1);
  const page = await view(1);
  if (page.status !== 200) throw new Error(`${VIEWS[name].path}: ${page.status}`);
  const html = await page.text();
  await cpuOf(VIEWS_A_BATCH);
  const batches: (number | null)[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) batches.push(await cpuOf(VIEWS_A_BATCH));
  const told = batches.filter((cpu) => cpu !== null);
  return {
    name,
    bytes: Buffer.byteLength(html),
    compressed: gzipSync(html).length,
    requests: 1 + fetches(html),
    scriptBytes: scriptBytes(html),
    rowsRead: Number(page.headers.get('x-rows-read')),
    firstCpu,
    cpu: told.length === 0 ? null : Math.min(...told),
  };
}

/** All views, in a process in which none has been rendered yet. */
export async function measurePages(runtime: Runtime): Promise<Record<ViewName, PageFigures>> {
  const figures = {} as Record<ViewName, PageFigures>;
  for (const name of Object.keys(VIEWS) as ViewName[]) figures[name] = await measureView(runtime, name);
  return figures;
}
