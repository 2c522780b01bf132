// What a page answers with at a glance, by the worst that is known: of what it is about, and of the Keeper itself. Pure.

import type { Health } from '../../report.ts';
import type { Frame, Mood } from '../frame.ts';

/** The answer: colour, title of the window, heading, and shorter facts after it. */
export interface Answer {
  readonly mood: Mood;
  readonly title: string;
  readonly sentence: string;
  readonly also: readonly string[];
}

type Ill = Exclude<Health['reason'], 'starting' | null>;

const ILL: Readonly<Record<Ill, Omit<Answer, 'also'>>> = {
  config: { mood: 'bad', title: 'Not configured', sentence: 'The configuration is not valid' },
  token: { mood: 'bad', title: 'Token refused', sentence: 'The API token was refused' },
  failing: { mood: 'bad', title: 'Runs fail', sentence: 'The last runs failed' },
  stalled: { mood: 'bad', title: 'Stalled', sentence: 'The Keeper makes no progress' },
  overdue: { mood: 'bad', title: 'Runs overdue', sentence: 'Runs are overdue' },
  blocked: { mood: 'busy', title: 'API limit used up', sentence: "Cloudflare's API limit is used up" },
};

/** What `/healthz` calls trouble; `null` while the Keeper is well. */
export function illOf({ health }: Pick<Frame, 'health'>): Ill | null {
  if (health === null || health.ok || health.reason === 'starting') return null;
  return health.reason;
}

const SEVERITY: readonly Mood[] = ['ok', 'quiet', 'busy', 'bad'];

const worse = (a: Mood, b: Mood): Mood => (SEVERITY.indexOf(a) > SEVERITY.indexOf(b) ? a : b);

/** The mood of a page that is about something else; never `ok` while the Keeper is not well or gets no answers. */
export function moodWith(frame: Pick<Frame, 'health' | 'trouble'>, mood: Mood): Mood {
  const ill = illOf(frame);
  if (ill !== null) return worse(mood, ILL[ill].mood);
  return frame.trouble?.kind === 'unreachable' ? worse(mood, 'quiet') : mood;
}

/** The answer, unless what ails the Keeper is worse: then that comes first, and the answer after it. */
export function worstOf(frame: Pick<Frame, 'health' | 'trouble'>, answer: Answer): Answer {
  const ill = illOf(frame);
  const mood = moodWith(frame, answer.mood);
  if (ill === null || mood === answer.mood) return { ...answer, mood };
  return { ...ILL[ill], also: [`${answer.sentence}.`, ...answer.also] };
}

/** The title of a page about one thing: headed by what ails the Keeper, where that is worse. */
export function titleWith(frame: Pick<Frame, 'health' | 'trouble'>, mood: Mood, title: string): string {
  const ill = illOf(frame);
  return ill === null || moodWith(frame, mood) === mood ? title : `${ILL[ill].title}; ${title}`;
}
