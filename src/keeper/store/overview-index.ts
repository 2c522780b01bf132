// The overview's index: of every project what a view needs to find it, count it and put it in order, in some hundred bytes; what
// is shown of it is its entry (overview.ts). Stored in pieces of a hundred projects and more, in the order of the API's list.

import type { Environment } from '../../pages-api/model.ts';
import type { Counted } from '../prune/forecast.ts';
import { KINDS, type Kind } from './scan.ts';
import type { Store } from './store.ts';

/** One project. Times are epoch ms, `null` where the API sent none. */
export interface IndexEntry {
  readonly id: string;
  readonly name: string;
  readonly productionBranch: string;
  /** Whether there is anything to build it from: what is uploaded has no repository. */
  readonly hasSource: boolean;
  readonly live: { readonly createdAt: number | null } | null;
  readonly latest: {
    readonly kind: Kind;
    readonly environment: Environment;
    readonly createdAt: number | null;
  } | null;
  readonly failedSinceLive: number;
  /** Whether nothing is live, and a build failed that was newer than the newest one. */
  readonly newestFailed: boolean;
  /** The same as `failedSinceLive`, `null` where nobody can tell. */
  readonly behind: number | null;
  readonly rolledBack: boolean;
  /** When a commit of the production branch that keeps failing is tried again. */
  readonly retryAt: number | null;
  /** Deployments in its blocks; `null`: not known. */
  readonly count: number | null;
  /** What goes next, as it was counted last. */
  readonly plan: Counted | null;
}

/** As it is stored: fields by their places, a time that is not there as 0. */
type Row = readonly [
  id: string,
  name: string,
  productionBranch: string,
  live: 0 | 1,
  liveAt: number,
  kind: number,
  environment: Environment | '',
  latestAt: number,
  failedSinceLive: number,
  behind: number | null,
  rolledBack: 0 | 1,
  retryAt: number | null,
  count: number | null,
  plan: readonly [at: number, next: number, nextAt: number | null, rules: string] | null,
  hasSource: 0 | 1,
  newestFailed: 0 | 1,
];

/** Projects a piece: a branch's name may have a thousand characters of three bytes. */
const PIECE = 128;

const timeOf = (at: number) => (at === 0 ? null : at);

function rowOf(entry: IndexEntry): Row {
  const { id, name, productionBranch, live, latest, plan } = entry;
  return [
    ...([id, name, productionBranch, live === null ? 0 : 1, live?.createdAt ?? 0] as const),
    ...([latest === null ? -1 : KINDS.indexOf(latest.kind), latest?.environment ?? ''] as const),
    ...([
      latest?.createdAt ?? 0,
      entry.failedSinceLive,
      entry.behind,
      entry.rolledBack ? 1 : 0,
      entry.retryAt,
    ] as const),
    ...([
      entry.count,
      plan && ([plan.at, plan.next, plan.nextAt, plan.rules] as const),
      entry.hasSource ? 1 : 0,
      entry.newestFailed ? 1 : 0,
    ] as const),
  ];
}

function entryOf(row: Row): IndexEntry {
  const [id, name, productionBranch, live, liveAt, kind, environment, ...rest] = row;
  const [latestAt, failed, behind, back, retryAt, count, plan, hasSource, newestFailed] = rest;
  const latest = {
    kind: KINDS[kind] ?? 'unknown',
    environment: environment || 'unknown',
    createdAt: timeOf(latestAt),
  } as const;
  return {
    ...{ id, name, productionBranch, count, behind, retryAt },
    plan: plan && { at: plan[0], next: plan[1], nextAt: plan[2], rules: plan[3] },
    live: live === 1 ? { createdAt: timeOf(liveAt) } : null,
    latest: kind === -1 ? null : latest,
    failedSinceLive: failed,
    rolledBack: back === 1,
    // A row that was stored before lacks these: most projects have a source.
    hasSource: hasSource !== 0,
    newestFailed: newestFailed === 1,
  };
}

const keyOf = (piece: number) => `index ${piece}`;

/** The index as it was read last. */
interface Parsed {
  /** The store's, then: while nothing was written since, no text is read again; a view asks for the index five times. */
  readonly changes: number;
  readonly texts: readonly string[];
  readonly index: IndexEntry[];
}

/** Parsed once as long as the stored texts are the same: views follow each other. */
const parsed = new WeakMap<Store, Parsed>();

/** The index, in the order of the API's list. */
export function readIndex(store: Store): readonly IndexEntry[] {
  const known = parsed.get(store);
  const changes = store.changes();
  if (known?.changes === changes) return known.index;
  const texts: string[] = [];
  for (;;) {
    const text = store.readStateText(keyOf(texts.length));
    if (text === null) break;
    texts.push(text);
  }
  const isSame = known?.texts.length === texts.length && texts.every((text, at) => text === known.texts[at]);
  const index = isSame ? known.index : texts.flatMap((text) => (JSON.parse(text) as Row[]).map(entryOf));
  parsed.set(store, { changes, texts, index });
  return index;
}

/** Stores the index; pieces that did not change are not written. */
export function writeIndex(store: Store, index: readonly IndexEntry[]): void {
  const pieces = Math.max(1, Math.ceil(index.length / PIECE));
  for (let piece = 0; piece < pieces; piece += 1)
    store.writeState(keyOf(piece), index.slice(piece * PIECE, (piece + 1) * PIECE).map(rowOf));
  // One fewer at a time: projects go one by one.
  store.removeState(keyOf(pieces));
}
