// What to tell the operator: how things stand now, against what was told before. Level-driven, so that a notice goes out once
// per change of state and never every tick. Pure.

import type { Destination, Topic } from './destinations.ts';
import type { Ailment, Missed } from './health.ts';
import { matchesGlobs } from './rules.ts';

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
  readonly kind: 'trouble' | 'recovered' | 'build';
  readonly about: string;
  readonly text: string;
  /** The page about it; `null` where the Keeper's own address is not known. */
  readonly link: string | null;
}

/** A project that a rule covers: no other is watched. */
export interface Watched {
  readonly name: string;
  /** Production builds that failed since the live one; `null`: that cannot be told. */
  readonly behind: number | null;
  /** A commit of its production branch in Git that nobody built, in words; `null`: there is none; absent: Git is not asked. */
  readonly unbuilt?: string | null;
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
  /** For when a cron last ticked, and what was due next; `null`: none has, or no rule waits for one. */
  readonly missed: Missed | null;
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
  const { ailments, refused, stalledAt, missed, failedRun } = situation;
  const stalled =
    stalledAt === null
      ? null
      : `Nothing was done from ${utc(stalledAt)} on, though work was waiting. It goes on now; the log may say why it stopped.`;
  const overdue: Stand =
    missed !== null && ailments.includes('overdue')
      ? {
          trouble: `No run has started since that of ${utc(missed.tickedAt)}, and the next was due at ${utc(missed.dueAt)}: every cron has missed its time. Are they set in [triggers], and is that deployed?`,
        }
      : 'well';
  // Refused credentials are told as that. Why one run failed is not told again when it is the third.
  const failing = ailments.includes('failing') && failedRun !== null;
  return [
    ['token', orWell(refused)],
    ['stalled', orWell(stalled)],
    ...(missed === null ? [] : [['overdue', overdue] as const]),
    ['failing', failing ? { trouble: failingWords(situation) } : failedRun === null ? 'well' : 'unknown'],
    ['run', failing ? 'unknown' : orWell(failedRun === null ? null : `The last run failed. ${failedRun}`)],
  ];
}

function failingWords({ failedInARow, failedRun }: Situation): string {
  const runs = failedInARow === 1 ? 'The first run failed' : `The last ${failedInARow} runs failed`;
  return `${runs}; /healthz says so too. ${failedRun}`;
}

function projectStands(
  { name, behind, unbuilt, rebuilt }: Watched,
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
  return [
    [`production ${name}`, production],
    ...(unbuilt === undefined ? [] : [[`head ${name}`, orWell(unbuilt)] as const]),
    ...(isRebuilt ? [[`build ${name}`, build] as const] : []),
  ];
}

/**
 * What of all that stands a destination wants to hear of. A new kind of notice is a new key in `standsOf`, named by what it is
 * about, with its project after a space where it has one, and its words in `wordsFor`; it is told under `trouble` unless
 * `topicOf` says otherwise.
 */
export function standsFor(
  { about, projects }: Pick<Destination, 'about' | 'projects'>,
  stands: Stands,
): Stands {
  const wanted = Object.entries(stands).filter(([key]) => {
    const project = projectOf(key);
    return about.includes(topicOf(key)) && (project === null || matchesGlobs(project, projects));
  });
  return Object.fromEntries(wanted);
}

function topicOf(about: string): Topic {
  return /^(production|head) /.test(about) ? 'production' : 'trouble';
}

function projectOf(about: string): string | null {
  const at = about.indexOf(' ');
  return at < 0 ? null : about.slice(at + 1);
}

/** The page about it. `publicUrl`: the Keeper's own address; `null`: not known. */
export function linkTo(publicUrl: string | null, about: string): string | null {
  const project = projectOf(about);
  if (publicUrl === null) return null;
  return project === null ? `${publicUrl}/runs` : `${publicUrl}/projects/${encodeURIComponent(project)}`;
}

/** What has changed since `told`, as notices: new trouble, and what was seen to recover; each text once. */
export function changesSince(told: Troubles, stands: Stands, publicUrl: string | null = null): Notice[] {
  const notices = Object.entries(stands).flatMap(([about, stand]): Notice[] => {
    const link = linkTo(publicUrl, about);
    if (typeof stand === 'object')
      return about in told ? [] : [{ kind: 'trouble', about, text: stand.trouble, link }];
    if (stand === 'unknown' || !(about in told)) return [];
    return [{ kind: 'recovered', about, text: `Recovered: ${wordsFor(about)}.`, link }];
  });
  return notices.filter(({ text }, at) => notices.findIndex((other) => other.text === text) === at);
}

/**
 * What has been told once `changesSince` was, but for the notices that are `left` to be told: what these are about, and what
 * cannot be seen now, stays as it was told.
 */
export function toldBy(told: Troubles, stands: Stands, left: readonly Notice[] = []): Troubles {
  const later = new Set(left.map(({ about }) => about));
  const troubles = Object.entries(stands).flatMap(([about, stand]): [string, string][] => {
    const before = told[about];
    if (stand === 'unknown' || later.has(about)) return before === undefined ? [] : [[about, before]];
    return typeof stand === 'object' ? [[about, stand.trouble]] : [];
  });
  return Object.fromEntries(troubles);
}

function wordsFor(about: string): string {
  const [kind, ...rest] = about.split(' ');
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
