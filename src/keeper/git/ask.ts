// Asking Git: once a repository, for all projects that wait for it; what it says is held against each of them by itself. Sends
// requests to Git servers only, which count among an alarm's.

import { addressOf, gitAuthorization, type Repository } from '../../git/address.ts';
import { askHeads, type GitAnswer } from '../../git/ask.ts';
import { Wanted } from '../../git/wanted.ts';
import { branchOf } from '../../policy/facts.ts';
import { learn } from '../../policy/git.ts';
import { gitProjectOf } from '../../policy/git-project.ts';
import { repositoryFor } from '../../policy/repository.ts';
import { type PrunePolicy, ruleFor } from '../../policy/rules.ts';
import { retryAfter } from '../budget.ts';
import { type Calls, inFlight } from '../calls.ts';
import type { Context } from '../context.ts';
import { lookableFrom } from '../due.ts';
import { inPart } from '../part.ts';
import { noteOutcome, runOf } from '../runs.ts';
import type { ProjectState } from '../store/inventory.ts';
import { endGit } from '../tasks.ts';
import { noteHead } from './head.ts';
import { commitsOf, readKnown, writeKnown } from './known.ts';
import { askPulls } from './pulls.ts';

const AT_ONCE = 2;
/** Failures after which a host is not asked again before the next tick. */
const MOST_FAILURES = 3;
/** Bytes of an answer after which an alarm asks no other repository. */
const LARGE = 100_000;

/** Projects that an alarm looks at: more than it could ask about, so that those of one repository mostly come together. */
const MOST_WAITING = 100;

/** One project that waits for what Git says. */
interface Waiting {
  readonly id: string;
  readonly state: ProjectState;
  readonly repository: Repository;
  /** Its rule names the repository, and it is connected to none. */
  readonly own: boolean;
  readonly run: string;
  readonly policies: readonly PrunePolicy[];
}

/** Asks what projects wait for, as far as the budget reaches. */
export async function advanceGit(context: Context, calls: Calls): Promise<void> {
  const byAddress = Map.groupBy(waitingOf(context), ({ repository }) => addressOf(repository));
  let isEnough = false;
  await inFlight(
    [...byAddress],
    async ([address, waiting]) => {
      if (isEnough) return;
      const answer = await ask(context, calls, address, waiting);
      if (answer === null) return;
      isEnough ||= answer.kind === 'heads' && answer.bytes > LARGE;
      if (isAskedAgain(context, answer, waiting)) return;
      for (const one of waiting)
        await inPart(context, { id: one.id, name: one.state.project.name }, () =>
          take(context, calls, one, address, answer),
        );
    },
    AT_ONCE,
  );
}

/** Whose turn it is: their deployments were read. What asks in vain is told, and waits no more. */
function waitingOf(context: Context): Waiting[] {
  const { work, store, config, now } = context;
  const from = lookableFrom(work, now());
  const due = [...work.tasks].flatMap(([id, { name, reading, git }]) =>
    git && reading === null && Math.max(git.due, from(id)) <= now() ? [{ id, name, git }] : [],
  );
  return due.slice(0, MOST_WAITING).flatMap(({ id, name, git }): Waiting[] => {
    const state = store.read('projects', id);
    const rule = state === null ? null : ruleFor(state.project.name, config.rules);
    const asked = state === null || rule === null ? null : repositoryFor(state.project, rule);
    if (state === null || asked === null || asked.repository === null) {
      endGit(work, id);
      if (asked?.repository === null) tell(context, name, git.run, asked.why);
      return [];
    }
    const policies = rule?.prune ?? [];
    return [{ id, state, repository: asked.repository, own: asked.own, run: git.run, policies }];
  });
}

async function ask(
  { store, config, work }: Context,
  calls: Calls,
  address: string,
  waiting: readonly Waiting[],
): Promise<GitAnswer | null> {
  const [first] = waiting;
  if (first === undefined) return null;
  if ((work.gitFailures[first.repository.host] ?? 0) >= MOST_FAILURES)
    return { kind: 'unread', why: 'its host gave no answer, three times', final: true };
  const fetch = calls.elsewhere(2);
  if (fetch === null) return null;
  const names = waiting.flatMap(({ id, state }) => {
    const branches = Object.keys(store.readFacts(id, 'all')?.branches ?? {}).map(
      (key) => branchOf(key).branch,
    );
    const { tips } = readKnown(store, id, address);
    return [state.project.productionBranch, ...branches, ...tips.map(({ name }) => name)];
  });
  const authorization = gitAuthorization(first.repository.host, config.git);
  return askHeads(fetch, { address, authorization }, new Wanted([...new Set(names)]));
}

/** Whether a server that gave no answer is asked once more; a host that has failed three times is not. */
function isAskedAgain({ work, now }: Context, answer: GitAnswer, waiting: readonly Waiting[]): boolean {
  if (answer.kind === 'heads' || answer.final) return false;
  const host = waiting[0]?.repository.host ?? '';
  const failures = (work.gitFailures[host] ?? 0) + 1;
  work.gitFailures[host] = failures;
  if (failures >= MOST_FAILURES) return false;
  for (const { id } of waiting) {
    const git = work.tasks.get(id)?.git;
    if (git) git.due = now() + retryAfter(failures);
  }
  return true;
}

/** What was said, held against one project. */
async function take(
  context: Context,
  calls: Calls,
  waiting: Waiting,
  address: string,
  answer: GitAnswer,
): Promise<void> {
  const { id, state, own, run } = waiting;
  const { store, work, now } = context;
  endGit(work, id);
  const askedAt = now();
  const known = readKnown(store, id, address);
  const before = { ...known, ...noteHead(context, state, known.head, answer) };
  const facts = store.readFacts(id, 'all');
  if (answer.kind === 'unread' || facts === null) {
    const why = answer.kind === 'unread' ? answer.why : 'its deployments are not known';
    writeKnown(store, id, { ...before, readAt: null, askedAt, doubt: why });
    tell(context, state.project.name, run, why);
    return;
  }
  const at = Math.max(runOf(work, run)?.record.scheduledAt ?? 0, askedAt);
  const project = gitProjectOf(state, facts, { commits: commitsOf(store, state), own });
  const { known: after, doubt } = learn(before, { at, heads: answer.heads }, project);
  const pulls = doubt === null ? await askPulls(context, calls, waiting, after, project, at) : null;
  writeKnown(store, id, { ...before, ...after, ...(pulls && { branches: pulls.branches }), askedAt, doubt });
  if (doubt !== null) tell(context, state.project.name, run, doubt);
  else if (pulls?.why) tell(context, state.project.name, run, pulls.why, 'by its pull request');
}

/** Says why nothing counts as gone: in the log, and in the run for which it was asked. */
function tell({ work, log }: Context, project: string, run: string, why: string, by = 'from Git'): void {
  const text = `no branch of it counts as gone ${by}: ${why}`;
  log({ level: 'warn', event: 'git-unread', project, why });
  noteOutcome(work, run, { warning: { project, text } });
}
