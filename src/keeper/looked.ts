// When the Keeper last looked at what, and what it found beside the projects' rows: a part of what is under way (work.ts). Types only.

/** A commit of a production branch that nobody built, and the one that is live. `since`: epoch ms. */
export interface Behind {
  readonly since: number;
  readonly commit: string;
  readonly live: string;
}

/** When what was looked at. Epoch ms. */
export interface Looked {
  /** When the last complete reading of the project list began. */
  checkedAt: number | null;
  /** When the project list was last asked for, whatever came of it. */
  askedAt: number;
  /** When each cron last ticked. */
  ticks: Record<string, number>;
  /** By project: when a view last had its deployments read, whatever came of it. */
  rowsAskedAt: Record<string, number>;
  /** By project: when what is stored of it was last read and found to be so, since it was stored. */
  readAt: Record<string, number>;
  /** By project: the run for which what goes next was counted since, the same as in its row; what the last run left undone. */
  countedFor: Record<string, number>;
  undone: Record<string, number>;
  /** Projects viewed since: their deployments are read if the list shows that their head has moved. */
  viewed: string[];
  /** By project: what of its production branch was never built, as Git has it, and since when that is known. */
  behind: Record<string, Behind>;
  accountProjects: number | null;
  /** When UPDATE_URL was last asked, and the version that it named; `null`: none so far. */
  newest: { askedAt: number; version: string | null };
}
