// What every page knows besides its own data: the time, how old the data is, whose trouble to tell. Pure.

import type { Health } from '../report.ts';
import { MINUTE } from '../time.ts';
import type { Zone } from '../words/zone.ts';
import type { ViewTrouble } from './model/runs.ts';

/** How a page stands at a glance: it colours the favicon and heads the title. */
export type Mood = 'ok' | 'busy' | 'bad' | 'quiet';

/** What time it is, and where the reader is. */
export interface Clock {
  /** Epoch ms. */
  readonly now: number;
  /** `null`: not known, and UTC is all there is. */
  readonly zone: Zone | null;
}

/** The frame of a page. */
export interface Frame extends Clock {
  readonly version: string;
  /** A version that is newer than this one; `null`: none is known, or the visitor is not one to be told. */
  readonly newer: string | null;
  readonly simulated: boolean;
  /** When the account was last looked at; `null` where that means nothing. */
  readonly checkedAt: number | null;
  readonly trouble: ViewTrouble | null;
  /** How the Keeper is, as `/healthz` says; `null` on pages that hold no data. */
  readonly health: Health | null;
  readonly stale: boolean;
  /** `https://status.example.com`: where this page was asked for. */
  readonly origin: string;
  /** Whether the door is open to all. */
  readonly isPublic: boolean;
  /** Path and query of this page, without `watch`. */
  readonly path: string;
  readonly watching: boolean;
  /** Whether the visitor has a link to one project, and may see nothing of the Keeper's. */
  readonly guest: boolean;
}

/** Data older than this (ms) is called old: a look takes a minute at most, and every view asks for one. */
export const OLD = 15 * MINUTE;

/** Whether the data may no longer be true: the API could not be asked, or not lately. */
export function isOutdated(checkedAt: number | null, trouble: ViewTrouble | null, now: number): boolean {
  if (checkedAt === null || now - checkedAt > OLD) return true;
  return trouble !== null && trouble.kind !== 'rows';
}

/** This page with or without reloading itself. */
export function watchPath(path: string, watch: boolean): string {
  return watch ? `${path}${path.includes('?') ? '&' : '?'}watch=1` : path;
}
