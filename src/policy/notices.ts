// What to tell the operator: the trouble that there is now, against the trouble that was told before. Level-driven, so that
// a notice goes out once per change of state and never every tick. Pure.

/** Trouble by what it is about, each as a sentence. */
export type Troubles = Readonly<Record<string, string>>;

/** One notice. */
export interface Notice {
  readonly kind: 'trouble' | 'recovered';
  readonly about: string;
  readonly text: string;
}

/** What the sentences are made from. */
export interface Situation {
  /** The credentials are refused: what to do. */
  readonly refused: string | null;
  /** Why the last run failed. */
  readonly failedRun: string | null;
  /** Projects whose last scheduled build failed, and its branch. */
  readonly failedBuilds: Readonly<Record<string, string>>;
  /** Projects that a rule covers, by name: production builds that failed since the live one. No other is watched. */
  readonly behind: Readonly<Record<string, number>>;
}

/** The trouble that there is. */
export function troublesOf({ refused, failedRun, failedBuilds, behind }: Situation): Troubles {
  const troubles: Record<string, string> = {};
  if (refused !== null) troubles.token = refused;
  if (failedRun !== null) troubles.run = `The last run failed. ${failedRun}`;
  for (const [project, branch] of Object.entries(failedBuilds)) {
    if (!(project in behind)) continue;
    troubles[`build ${project}`] = `${project}: the scheduled build of ${branch} failed.`;
  }
  for (const [project, failed] of Object.entries(behind)) {
    if (failed === 0) continue;
    const builds = failed === 1 ? 'the last production build' : `the last ${failed} production builds`;
    troubles[`production ${project}`] = `${project}: production is behind, ${builds} failed.`;
  }
  return troubles;
}

/**
 * What has changed since `told`, as notices: new trouble, and what has recovered. A project that is no more, or that no rule
 * covers any more, has not recovered: nothing is said of it.
 */
export function changesSince(told: Troubles, now: Troubles, { behind }: Pick<Situation, 'behind'>): Notice[] {
  const fresh = Object.entries(now).filter(([about]) => !(about in told));
  const isWatched = (about: string) => {
    const [, project] = about.split(' ', 2);
    return project === undefined || project in behind;
  };
  const over = Object.keys(told).filter((about) => !(about in now) && isWatched(about));
  return [
    ...fresh.map(([about, text]): Notice => ({ kind: 'trouble', about, text })),
    ...over.map((about): Notice => ({ kind: 'recovered', about, text: `Recovered: ${wordsFor(about)}.` })),
  ];
}

function wordsFor(about: string): string {
  const [kind, project] = about.split(' ', 2);
  switch (kind) {
    case 'token':
      return 'the API accepts the credentials again';
    case 'run':
      return 'runs succeed again';
    case 'build':
      return `${project}: the scheduled build succeeded`;
    default:
      return `${project}: production is up to date`;
  }
}

const SLACK = /^https:\/\/hooks\.slack\.com\//;
const DISCORD = /^https:\/\/(?:canary\.|ptb\.)?discord(?:app)?\.com\//;

/** The body that a webhook at this URL understands, all notices in one. */
export function webhookBody(url: string, notices: readonly Notice[], at: number): unknown {
  const text = notices.map((notice) => `Pages Keeper: ${notice.text}`).join('\n');
  // `&`, `<` and `>` are Slack's own; a name from an API must not call a channel.
  if (SLACK.test(url))
    return { text: text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') };
  if (DISCORD.test(url)) return { content: text.slice(0, 1_900), allowed_mentions: { parse: [] } };
  return { source: 'pages-keeper', at: new Date(at).toISOString(), text, notices };
}
