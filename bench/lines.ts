// What is promised, line by line: from the figures to the table, with the targets. A new figure is a line here.
import type { AccountFigures } from './account.ts';
import type { BundleFigures } from './bundle.ts';
import type { PeerFigures } from './compare.ts';
import type { SliceCpu, SlicesCpu } from './cpu.ts';
import type { DrainFigures } from './drain.ts';
import type { PageFigures } from './page-figures.ts';
import type { ViewName } from './pages.ts';
import type { ViewFigures } from './quiet.ts';
import type { SizeFigures } from './size.ts';
import { atLeast, atMost, type Line, shown, told } from './table.ts';

/** Everything that was measured. */
export interface Figures {
  readonly scenario: { readonly first: DrainFigures; readonly later: { calls: number; deleted: number } };
  readonly large: DrainFigures;
  readonly quiet: number;
  readonly quietRows: number;
  readonly branches: SizeFigures;
  readonly projects: SizeFigures;
  readonly views: ViewFigures;
  readonly peers: readonly PeerFigures[];
  readonly pages: Record<ViewName, PageFigures>;
  /** CPU of reading 10,000 branches in ms; `null`: not told. */
  readonly refs: number | null;
  /** `untraced`: without the collector that wrangler runs in the same process. */
  readonly slices: SlicesCpu | null;
  readonly untraced: SlicesCpu | null;
  readonly bundle: BundleFigures;
}

const KB = 1_024;
const sum = (...numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

/** What is counted in virtual time: exact, the same on every machine. */
export function countedLines(figures: Figures): Line[] {
  const { scenario, large, quiet, views } = figures;
  const { first, later } = scenario;
  return [
    atMost(`API calls, first run (floor ${shown(first.floor)})`, first.calls, 4_690),
    told('deleted of 4,484; missed', `${shown(first.deleted)}; ${first.missed}`),
    atMost('deletes sent for a young, live or latest deployment', sum(first.wrong, large.wrong), 0),
    atMost('429 answers', sum(first.blocked, large.blocked), 0),
    atLeast('pace of the allowed, start to last delete', first.pace, 0.97),
    atMost('most calls in any 300 s', Math.max(first.mostIn300s, large.mostIn300s), 1_080),
    told('invocations', shown(first.invocations)),
    atMost('most calls in one invocation', Math.max(first.mostCalls, large.mostCalls), 45),
    atMost('most lists in one invocation', Math.max(first.mostLists, large.mostLists), 12),
    atMost('rows written', first.rows, 1_500),
    told('time to drain 5,000 (virtual)', `${shown(first.minutes)} min`),
    atMost(`API calls, a later run with ${later.deleted} newly expired`, later.calls, 13),
    atMost('rows written, 50,000 deployments', large.rows, 15_000),
    told(`API calls, 50,000 (floor ${shown(large.floor)})`, shown(large.calls)),
    atMost('missed of 44,984', large.missed, 0),
    told('time to drain 50,000, ticking hourly (virtual)', `${shown(large.minutes)} min`),
    atLeast('pace of the allowed, 50,000', large.pace, 0.97),
    atMost('API calls, a rebuild-only tick over 50 quiet projects', quiet, 5),
    atMost(`project list read anew for ${shown(views.views)} page views in 60 s`, views.refreshes, 2),
    told('all API calls for these views', String(views.calls)),
    ...sizeLines(figures),
  ];
}

/** What an account of any size comes to: the figures of the first version beside them. */
function sizeLines({ quietRows, branches, projects }: Figures): Line[] {
  const sizes = ({ deleted, missed, rows, hours }: SizeFigures) =>
    `${shown(deleted)}; ${missed}; ${shown(rows)} rows in ${hours} h`;
  return [
    atMost('rows written by a quiet tick over 100 projects, both rules (first version: 457)', quietRows, 150),
    atMost(
      'largest stored value, 1,000 projects (first version: 2 MB at 450)',
      projects.largest / KB,
      512,
      ' KB',
    ),
    told('– of their 20,000 expired: deleted; missed; written', sizes(projects)),
    atMost(
      'largest stored value, 20,000 branches (first version: 2 MB at 11,000)',
      branches.largest / KB,
      512,
      ' KB',
    ),
    told('– of 20,000 stale ones: deleted; missed; written', sizes(branches)),
  ];
}

const AHEAD = 'deletions that one project got ahead of another, at most';

/** What draining a large account came to. */
export function accountLines(figures: AccountFigures): Line[] {
  const { projects, total, floor, calls, deleted, missed, blocked, wrong } = figures;
  const { mostCalls, rows, mostRowsADay, largest, hours, outcomes, ahead } = figures;
  return [
    told(`${shown(projects)} projects of ${shown(total / projects)} deployments: deleted`, shown(deleted)),
    atMost('missed of those that had expired at the start', missed, 0),
    atMost('deletes sent for a young, live or newest deployment', wrong, 0),
    atMost('429 answers', blocked, 0),
    told(`API calls (floor ${shown(floor)})`, shown(calls)),
    atMost('most calls in one invocation', mostCalls, 45),
    told('hours, ticking hourly (virtual)', shown(hours)),
    told(
      'its runs',
      Object.entries(outcomes)
        .map(([outcome, many]) => `${shown(many)} ${outcome}`)
        .join(', '),
    ),
    told('rows written', shown(rows)),
    // At 80,000 deletions wait; what is left are ticks and views.
    atMost('most rows written in a day', mostRowsADay, 100_000),
    atMost('largest stored value', largest / KB, 512, ' KB'),
    // Turns are slices of 45, or of fewer beside lists. Of more projects than a plan holds for each has some while it does, and others
    // none: told, and no bar.
    projects < 96 ? atMost(AHEAD, ahead, 4 * 45) : told(AHEAD, shown(ahead)),
  ];
}

/** What was measured on this machine. */
export function measuredLines({ slices, untraced, pages, refs, bundle }: Figures): Line[] {
  const { project, filtered } = pages;
  const [twenty, hundred] = [pages['overview-20'], pages['overview-100']];
  const thousand = pages['overview-1000'];
  const views = [project, filtered, twenty, hundred, thousand];
  const most = (pick: (page: PageFigures) => number) => Math.max(...views.map(pick));
  return [
    ...sliceLines(slices, untraced),
    ...cpuLine('CPU of a view of 25 rows', project),
    ...cpuLine('CPU of a view filtered by branch, 5,000 deployments', filtered),
    ...cpuLine('CPU of a view of what goes next, 5,000 deployments', pages.next),
    ...cpuLine('CPU of the overview of 20 projects', twenty),
    ...cpuLine('CPU of the overview of 100 projects (first version: 11 ms)', hundred),
    ...cpuLine('CPU of the overview of 1,000 projects (first version: 61 ms at 500)', thousand),
    ...cpuLine('CPU of the runs, 100 projects', pages.runs),
    ...(refs === null ? [] : [atMost('CPU of reading 10,000 branches of a repository', refs, 3, ' ms')]),
    told(
      'rows read: 25 rows; filtered by branch; overview of 20; of 100; of 1,000',
      views.map((page) => page.rowsRead).join('; '),
    ),
    atMost('page of 25 rows, compressed', project.compressed / KB, 8, ' KB'),
    atMost('overview of 20 projects, compressed', twenty.compressed / KB, 8, ' KB'),
    atMost('overview of 100 projects, compressed', hundred.compressed / KB, 8, ' KB'),
    atMost('overview of 1,000 projects, compressed', thousand.compressed / KB, 8, ' KB'),
    atMost(
      'requests a page',
      most((page) => page.requests),
      1,
    ),
    atMost(
      'bytes of script',
      most((page) => page.scriptBytes),
      0,
    ),
    atMost(
      `Worker, compressed (${shown(Math.round(bundle.bytes / KB))} KB raw)`,
      bundle.compressed / KB,
      130,
      ' KB',
    ),
    ...(bundle.startupMs === null
      ? [told('start-up, active', 'not measured here')]
      : [atMost('start-up, active (wrangler check startup)', bundle.startupMs, 60, ' ms')]),
  ];
}

function sliceLines(slices: SlicesCpu | null, untraced: SlicesCpu | null): Line[] {
  if (slices === null || untraced === null)
    return [told('CPU of a slice', 'not measured: needs /proc (Linux)')];
  const lines = (name: string, { ratio, netRatio }: SliceCpu, other: SliceCpu) => [
    atMost(`CPU of ${name} against a bare loop of the same calls`, ratio, 1.5, ' ×'),
    told('– the same, the cost of reaching the object taken off both', `${shown(netRatio)} ×`),
    told('– in a process without wrangler’s trace collector', `${shown(other.ratio)} ×`),
  ];
  return [
    ...lines('a slice of 45 deletes', slices.deletes, untraced.deletes),
    atMost('– the same while 1,000 other projects wait for their turn', slices.crowded.ratio, 1.5, ' ×'),
    ...lines('a slice of 12 lists', slices.lists, untraced.lists),
  ];
}

function cpuLine(figure: string, page: PageFigures): Line[] {
  if (page.cpu === null || page.firstCpu === null) return [told(figure, 'not measured: needs /proc (Linux)')];
  return [
    atMost(figure, page.cpu, 3, ' ms'),
    told('– its first view in this process', `${shown(page.firstCpu)} ms`),
  ];
}
