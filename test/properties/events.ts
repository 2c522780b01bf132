// A story as plain data, so that a failing one can be shrunk and printed: an account, rules, and what happens in it.

import type { Fault } from '../../simulator/simulator.ts';
import type { Json } from '../../simulator/wire.ts';
import type { Policy } from './oracle.ts';

/** How a repository answers when it is asked for its branches; `half`: every second one is left out, in a whole answer. */
export type GitAnswer =
  | 'plain'
  | 'old'
  | 'half'
  | 'cut'
  | 'empty'
  | 'forged'
  | 'other'
  | 'elsewhere'
  | 'page'
  | 'late'
  | 'down'
  | 'huge';

/** How a host answers about pull request 7; `young`: opened after all that was deployed; `recent`: closed ten minutes ago. */
export type PullAnswer = 'open' | 'closed' | 'young' | 'recent' | 'other' | 'missing' | 'late';

/** What can happen before a call is answered. */
export type Happening =
  | { readonly do: 'push'; readonly branch: string; readonly ends: 'success' | 'failure' }
  | { readonly do: 'remove'; readonly nth: number }
  | { readonly do: 'rollback'; readonly nth: number }
  | { readonly do: 'rules'; readonly rules: number }
  | { readonly do: 'brake'; readonly on: boolean }
  | { readonly do: 'crash' }
  | { readonly do: 'again' }
  | { readonly do: 'block' }
  | { readonly do: 'rename'; readonly branch: string }
  | { readonly do: 'recreate' }
  /** Somebody looks at the project's page. */
  | { readonly do: 'view' }
  /** A hook asks for a build, or somebody presses the button. */
  | { readonly do: 'ask'; readonly by: 'hook' | 'button'; readonly branch: string | null }
  /** Another cron ticks. */
  | { readonly do: 'tick' }
  /** The configuration is broken, or mended. */
  | { readonly do: 'broken'; readonly on: boolean }
  /** One row of the answer says something that nobody has heard of. */
  | { readonly do: 'word'; readonly nth: number; readonly row: Json }
  /** A branch is removed from the repository, or is there again. */
  | { readonly do: 'branch'; readonly branch: string; readonly there: boolean }
  /** The repository answers in this way from now on. */
  | { readonly do: 'git'; readonly answer: GitAnswer }
  /** The host answers so about a pull request from now on. */
  | { readonly do: 'pull'; readonly answer: PullAnswer }
  /** A list of deployments lags: it lacks one row, and does not count it. */
  | { readonly do: 'hide'; readonly nth: number }
  /** Two rows of an answer stand the other way round. */
  | { readonly do: 'swap'; readonly nth: number }
  /** The process dies as the next answer comes, or as its alarm ends. */
  | { readonly do: 'die'; readonly at: 'answer' | 'alarm' }
  /** The platform fires the next alarm so late. */
  | { readonly do: 'late'; readonly minutes: number }
  /** Somebody makes a deployment live by hand that the rules want gone. */
  | { readonly do: 'promote'; readonly nth: number }
  /** A push to a preview branch of which the rules want something gone that they keep then. */
  | { readonly do: 'revive'; readonly nth: number }
  | { readonly do: 'fault'; readonly fault: Fault };

/** `calls`: how many calls after the one before it an event happens, to which of the projects. */
export type Event = Happening & { readonly calls: number; readonly project: number };

/** What happens while a queue is worked off: `calls` counts DELETEs only, where `of` says so. */
export type QueueEvent = Event & { readonly of: 'all' | 'deletes' };

export interface Story {
  readonly projects: readonly {
    readonly upload: boolean;
    /** Whether what is built of it fails. */
    readonly broken: boolean;
    /** Branches that are not in the repository when the story begins. */
    readonly removed: readonly string[];
    readonly pull: PullAnswer;
    readonly rows: readonly {
      readonly days: number;
      readonly branch: string;
      readonly outcome: 'success' | 'failure' | 'canceled' | 'skipped' | 'idle';
    }[];
  }[];
  /** The first ones hold when the story begins; the last ones are these, and keep more. */
  readonly rules: readonly (readonly Policy[])[];
  readonly rebuild: boolean;
  /** Whether builds that failed are tried once more. */
  readonly retryFailed: boolean;
  /** CONCURRENT_REBUILDS. */
  readonly concurrent: number | null;
  /** What the rule's `ifChanged` answers, one after the other and again from the first; none: it is not asked. */
  readonly content: readonly ('one' | 'two' | 'fails')[];
  /** MAX_DELETES_PER_RUN. */
  readonly most: number | null;
  readonly events: readonly Event[];
  /** Beside those, one after the other by a count of their own. */
  readonly inQueue: readonly QueueEvent[];
  readonly ticks: number;
  /** Calls that the API takes in five minutes: of few, a project waits while another's queue is ready. */
  readonly calls: number;
}
