// What is remembered of a pull request. A type only.

/** What was last said of a branch's pull request; `openedAt`, `closedAt` are `null` where that was nothing, or that it is open. */
export interface PullSeen {
  readonly number: number;
  readonly askedAt: number;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
}
