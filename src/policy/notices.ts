// What to tell the operator: how things stand now, against what was told before. Level-driven, so that a notice goes out once
// per change of state and never every tick. Pure.

import type { Ailment } from './health.ts';

/** Trouble by what it is about, each as a sentence. */
export type Troubles = Readonly<Record<string, string>>;

/**
 * How one thing stands: trouble as a sentence, or seen to be well. `unknown`: it is watched, and whether it is well was not
 * seen; that is no recovery. What is not watched at all any more does not stand.
 */
export type Stand = { readonly trouble: string } | 'well' | 'unknown';

/** How everything that is watched stands, by what it is about. */
export type Stands = Readonly<Record<string, Stand>>;

/** One notice. */
export interface Notice {
  readonly kind: 'trouble' | 'recovered';
  readonly about: string;
  readonly text: string;
}

/** A project that a rule covers: no other is watched. */
export interface Watched {
  readonly name: string;
  /** Production builds that failed since the live one; `null`: that cannot be told. */
  readonly behind: number | null;
  /** The branch that its rule rebuilds; `null`: none. */
  readonly rebuilt: string | null;
}

/** What the sentences are made from. Times are epoch ms. */
export interface Situation {
  /** What ails the Keeper, by policy/health.ts. */
  readonly ailments: readonly Ailment[];
  /** The credentials are refused: what to do, until the API has let them in. */
  readonly refused: string | null;
  /** Since when nothing was done though something was to be, until a run has gone well. */
  readonly stalledAt: number | null;
  /** When a cron last ticked; `null`: none has, or no rule waits for one. */
  readonly tickedAt: number | null;
  /** Why the last run failed. */
  readonly failedRun: string | null;
  /** Runs that failed, one after the other. */
  readonly failedInARow: number;
  /** Projects whose last scheduled build failed, and its branch. */
  readonly failedBuilds: Readonly<Record<string, string>>;
  readonly projects: readonly Watched[];
}

const utc = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const orWell = (text: string | null): Stand => (text === null ? 'well' : { trouble: text });

/** How everything stands. */
export function standsOf(situation: Situation): Stands {
  const projects = situation.projects.flatMap((project) => projectStands(project, situation.failedBuilds));
  return Object.fromEntries([...keeperStands(situation), ...projects]);
}

function keeperStands(situation: Situation): (readonly [string, Stand])[] {
  const { ailments, refused, stalledAt, tickedAt, failedRun } = situation;
  const stalled =
    stalledAt === null
      ? null
      : `Nothing was done from ${utc(stalledAt)} on, though work was waiting. It goes on now; the log may say why it stopped.`;
  const overdue: Stand = ailments.includes('overdue')
    ? {
        trouble: `No run has started since ${utc(tickedAt ?? 0)}: every cron has missed its time. Are they set in [triggers], and is that deployed?`,
      }
    : 'well';
  // Refused credentials are told as that. Why one run failed is not told again when it is the third.
  const failing = ailments.includes('failing') && failedRun !== null;
  return [
    ['token', orWell(refused)],
    ['stalled', orWell(stalled)],
    ...(tickedAt === null ? [] : [['overdue', overdue] as const]),
    ['failing', failing ? { trouble: failingWords(situation) } : failedRun === null ? 'well' : 'unknown'],
    ['run', failing ? 'unknown' : orWell(failedRun === null ? null : `The last run failed. ${failedRun}`)],
  ];
}

function failingWords({ failedInARow, failedRun }: Situation): string {
  const runs = failedInARow === 1 ? 'The first run failed' : `The last ${failedInARow} runs failed`;
  return `${runs}; /healthz says so too. ${failedRun}`;
}

function projectStands(
  { name, behind, rebuilt }: Watched,
  failedBuilds: Situation['failedBuilds'],
): (readonly [string, Stand])[] {
  const builds = behind === 1 ? 'the last production build' : `the last ${behind} production builds`;
  const isBehind = behind !== null && behind > 0;
  const production: Stand = isBehind
    ? { trouble: `${name}: production is behind, ${builds} failed.` }
    : behind === null
      ? 'unknown'
      : 'well';
  const failed = failedBuilds[name];
  const build = orWell(failed === undefined ? null : `${name}: the scheduled build of ${failed} failed.`);
  // A rule that builds another branch by now, or none, has made nothing well.
  const isRebuilt = rebuilt !== null && (failed === undefined || failed === rebuilt);
  return [[`production ${name}`, production], ...(isRebuilt ? [[`build ${name}`, build] as const] : [])];
}

/** What has changed since `told`, as notices: new trouble, and what was seen to recover; each text once. */
export function changesSince(told: Troubles, stands: Stands): Notice[] {
  const notices = Object.entries(stands).flatMap(([about, stand]): Notice[] => {
    if (typeof stand === 'object')
      return about in told ? [] : [{ kind: 'trouble', about, text: stand.trouble }];
    if (stand === 'unknown' || !(about in told)) return [];
    return [{ kind: 'recovered', about, text: `Recovered: ${wordsFor(about)}.` }];
  });
  return notices.filter(({ text }, at) => notices.findIndex((other) => other.text === text) === at);
}

/** What has been told once `changesSince` was: what cannot be seen now stays as it was told. */
export function toldBy(told: Troubles, stands: Stands): Troubles {
  const troubles = Object.entries(stands).flatMap(([about, stand]): [string, string][] => {
    if (typeof stand === 'object') return [[about, stand.trouble]];
    const before = told[about];
    return stand === 'unknown' && before !== undefined ? [[about, before]] : [];
  });
  return Object.fromEntries(troubles);
}

function wordsFor(about: string): string {
  const [kind = '', ...rest] = about.split(' ');
  const project = rest.join(' ');
  switch (kind) {
    case 'token':
      return 'the API accepts the credentials again';
    case 'overdue':
      return 'runs start again';
    case 'stalled':
    case 'failing':
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
