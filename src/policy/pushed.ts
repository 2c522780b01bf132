// How a branch's deployments came about: pushed to a repository, or made in another way. A part of its facts. Pure.

import type { Deployment } from '../pages-api/model.ts';

/** Of one branch. Times are epoch ms. */
export interface Pushed {
  /** Newest one that was pushed to a repository, and to which: of several at the same moment the last by name. */
  readonly pushedAt: number | null;
  readonly pushedTo: string;
  /** Newest one that was made in another way, or says nothing of its repository. */
  readonly otherAt: number | null;
}

/** Of one deployment, made at `at`. */
export function pushedBy({ pushedTo }: Pick<Deployment, 'pushedTo'>, at: number | null): Pushed {
  return pushedTo === ''
    ? { pushedAt: null, pushedTo: '', otherAt: at }
    : { pushedAt: at, pushedTo, otherAt: null };
}

/** Of both together, in whatever order. */
export function pushedOf(a: Pushed, b: Pushed): Pushed {
  const isLater = (a.pushedAt ?? 0) - (b.pushedAt ?? 0) || (a.pushedTo > b.pushedTo ? 1 : -1);
  const { pushedAt, pushedTo } = isLater > 0 ? a : b;
  const otherAt = a.otherAt === null ? b.otherAt : Math.max(a.otherAt, b.otherAt ?? 0);
  return { pushedAt, pushedTo, otherAt };
}
