// Builds that have ended, until everybody who wants to hear of them has been told: a list of a hundred at most, and for each
// destination how far down it was told. Sends nothing.

import { type BuildNews, buildNotices } from '../policy/build-news.ts';
import type { Build } from '../policy/builds.ts';
import type { Destination } from '../policy/destinations.ts';
import { cutText } from '../policy/messages.ts';
import type { Notice } from '../policy/notices.ts';
import type { Context } from './context.ts';
import { newestFirst, topBlocks } from './store/blocks.ts';
import type { Inventory } from './store/inventory.ts';
import type { Store } from './store/store.ts';
import type { Telling } from './telling.ts';

const MOST_KEPT = 100;
const LONGEST_BRANCH = 100;

/** What a destination was told: what the trouble was about, and the number of the last build. */
export interface Told {
  readonly told: readonly string[];
  readonly cursor: number;
}

/** Reads what a destination was told. */
export function readTold(store: Pick<Store, 'readState'>, { name }: Pick<Destination, 'name'>): Told {
  return store.readState<Told>(`told ${name}`) ?? { told: [], cursor: 0 };
}

/** Stores what a destination was told, at once: it must not be told again after a crash. */
export function writeTold(
  { store }: { readonly store: Pick<Store, 'writeState'> },
  { name }: Pick<Destination, 'name'>,
  told: Told,
): void {
  store.writeState(`told ${name}`, told);
}

const wantsBuilds = ({ about }: Destination) => about.includes('previews') || about.includes('success');

/**
 * Notes the builds of a project that a reading has shown to have ended. What its very first reading shows is history.
 * `before`: as it was known before that.
 */
export function noteEnded(
  { work, config, store }: Pick<Context, 'work' | 'config' | 'store'>,
  project: string,
  before: Inventory | null,
  now: Inventory,
): void {
  if (before === null || !config.destinations.some(wantsBuilds)) return;
  const { telling } = work;
  const known = new Set([...before.builds, ...telling.news].map(({ id }) => id));
  const ended = now.builds.filter(({ id }) => !known.has(id));
  if (ended.length === 0) return;
  const branches = new Map<string, string>();
  for (const { id, branch } of newestFirst(store, topBlocks(now.blocks))) branches.set(id, branch);
  for (const build of ended.toReversed()) {
    telling.newsSeq += 1;
    telling.news.push(newsOf(build, telling.newsSeq, project, branches.get(build.id)));
  }
  telling.news = telling.news.slice(-MOST_KEPT);
  telling.due = true;
}

function newsOf(
  { id, at, took, ok, production }: Build,
  seq: number,
  project: string,
  branch = '',
): BuildNews {
  return { seq, id, project, branch: cutText(branch, LONGEST_BRANCH), production, ok, endedAt: at + took };
}

type Numbered = Notice & { readonly seq: number };

/** What a destination is to be told of builds: those that ended since it is in the settings. */
export function newsFor(
  { news, to }: Pick<Telling, 'news' | 'to'>,
  destination: Destination,
  { cursor, publicUrl }: { readonly cursor: number; readonly publicUrl: string | null },
): Numbered[] {
  const since = to[destination.name]?.since ?? 0;
  const fresh = news.filter(({ seq, endedAt }) => seq > cursor && endedAt >= since);
  const lost = Math.max(0, (news[0]?.seq ?? 0) - cursor - 1);
  const notices = buildNotices(destination, fresh, publicUrl);
  if (lost === 0 || !wantsBuilds(destination)) return notices;
  const text = `${lost} more builds have ended than could be kept to be told.`;
  return [{ seq: cursor, kind: 'build', about: 'builds', text, link: null }, ...notices];
}

/** How far a destination was told, once it has taken the first `count` of these. */
export function cursorAfter(
  { newsSeq, news }: Pick<Telling, 'newsSeq' | 'news'>,
  cursor: number,
  notices: readonly Numbered[],
  count: number,
): number {
  if (count >= notices.length) return newsSeq;
  const last = notices[count - 1];
  // What was lost has been said, though nothing after it.
  return last === undefined ? cursor : Math.max(last.seq, (news[0]?.seq ?? 1) - 1);
}

/** Forgets what everybody has been told. */
export function dropNews({ work, config, store }: Pick<Context, 'work' | 'config' | 'store'>): void {
  if (work.telling.news.length === 0) return;
  const cursors = config.destinations.filter(wantsBuilds).map((to) => readTold(store, to).cursor);
  const told = Math.min(...cursors);
  work.telling.news = work.telling.news.filter(({ seq }) => seq > told);
}
