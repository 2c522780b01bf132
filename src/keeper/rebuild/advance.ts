// Rebuilds: whose turn it is, and the next step of each: decided, posted, looked for, followed.

import { ruleFor } from '../../policy/rules.ts';
import type { Calls } from '../calls.ts';
import type { Context } from '../context.ts';
import { hasFreePlace, isDecidable } from '../due.ts';
import { behindOf } from '../git/head.ts';
import { inPart } from '../part.ts';
import { noteOutcome } from '../runs.ts';
import { noteProject } from '../store/overview.ts';
import { wantReading } from '../tasks.ts';
import { isHeld, noteAsked, waitsOn } from './asked.ts';
import { askContent, type Content, countSaved } from './content.ts';
import { type Decision, decide, headIds } from './decide.ts';
import { follow } from './follow.ts';
import { look } from './look.ts';
import { forgetRebuild, isOpen } from './open.ts';
import { postFirst } from './post.ts';
import { behindKey, type Rebuild, type RebuildState, rebuildKey } from './rebuild.ts';
import { openItsRun } from './second-try.ts';

/** Goes on with the rebuilds in this state that are due. */
export async function advanceRebuilds(
  context: Context,
  calls: Calls,
  standing: Exclude<RebuildState['is'], 'posting'>,
): Promise<void> {
  const { work, now } = context;
  for (const rebuild of work.rebuilds.filter(({ state, due }) => state.is === standing && due <= now())) {
    if (!calls.isLeft()) return;
    // What went wrong with one before it may have ended its project's part.
    if (!isOpen(work, rebuild)) continue;
    const project = { id: rebuild.project, name: rebuild.name };
    await inPart(context, project, () => advance(context, calls, rebuild));
  }
}

async function advance(context: Context, calls: Calls, rebuild: Rebuild): Promise<void> {
  const { state } = rebuild;
  switch (state.is) {
    case 'waiting':
      return takeTurn(context, calls, rebuild, state);
    case 'in-doubt':
      return look(context, calls, rebuild, state);
    case 'building':
      return follow(context, calls, rebuild, state);
    case 'posting':
      // Its answer is awaited, in this very alarm.
      return;
    default:
      state satisfies never;
  }
}

async function takeTurn(
  context: Context,
  calls: Calls,
  rebuild: Rebuild,
  { again }: Extract<RebuildState, { is: 'waiting' }>,
): Promise<void> {
  const { work, config } = context;
  if (!isDecidable(work, rebuild.project) || work.api.standing.writes === 'no') return;
  openItsRun(context, rebuild);
  if (!hasFreePlace(work, config.concurrentRebuilds)) {
    rebuild.state = { is: 'waiting', again: true };
  } else if (again) {
    // Somebody may have pushed meanwhile: it is decided by what is there when its turn comes.
    rebuild.state = { is: 'waiting', again: false };
    wantReading(work, { id: rebuild.project, name: rebuild.name }, 'run');
  } else {
    if (isHeld(context, rebuild)) return;
    aim(context, rebuild);
    await carryOut(context, calls, rebuild);
  }
}

/** The branch is the one that is to be built at this moment: the rule, or the project's production branch, may have changed. */
function aim(context: Context, rebuild: Rebuild): void {
  const { store, config } = context;
  // What was asked for is what was named; what is tried again is what failed.
  if ((rebuild.by ?? 'cron') !== 'cron' || rebuild.failed !== undefined) return;
  const project = store.read('projects', rebuild.project)?.project;
  const rule = ruleFor(rebuild.name, config.rules);
  const branch = rule?.rebuild?.branch ?? project?.productionBranch;
  if (project === undefined || rule === null || branch === undefined) return;
  const found = behindOf(context, project, rule);
  rebuild.branch = branch;
  rebuild.key =
    found.behind === 'behind'
      ? behindKey(found.head.unbuiltAt ?? 0, rebuild.project, branch, found.head.commit)
      : rebuildKey(rebuild.scheduledAt, rebuild.project, branch);
}

/** Decides a rebuild and does it; the content is asked where the decision hangs on it. */
async function carryOut(context: Context, calls: Calls, rebuild: Rebuild): Promise<void> {
  const first = decide(context, rebuild, 'unasked');
  if (first.kind !== 'ask') {
    await act(context, calls, rebuild, first, null);
    return;
  }
  const fetch = calls.elsewhere();
  if (fetch === null) return;
  const known = context.store.read('content', rebuild.project)?.mark ?? null;
  const content = await askContent(fetch, { url: first.url, branch: rebuild.branch }, known);
  if (content.kind === 'changed' && content.why !== undefined)
    context.log({ level: 'warn', event: 'content-unread', project: rebuild.name, why: content.why });
  await act(context, calls, rebuild, decide(context, rebuild, content.kind), content);
}

async function act(
  context: Context,
  calls: Calls,
  rebuild: Rebuild,
  decision: Decision,
  content: Content | null,
): Promise<void> {
  switch (decision.kind) {
    case 'build': {
      if (!calls.isLeft()) return;
      const mark = content?.kind === 'changed' ? content.mark : null;
      noteAsked(context, rebuild);
      await postFirst(context, calls, rebuild, { seen: headIds(context, decision.state), content: mark });
      return;
    }
    case 'skip':
      skip(context, rebuild, decision);
      return;
    case 'unread': {
      const why = 'its deployments could not be read, so nobody knows whether a rebuild is due';
      noteOutcome(context.work, rebuild.run, { refusal: { project: rebuild.name, what: 'rebuild', why } });
      forgetRebuild(context.work, rebuild);
      return;
    }
    default:
      forgetRebuild(context.work, rebuild);
  }
}

function skip(
  context: Context,
  rebuild: Rebuild,
  { reason, state }: Extract<Decision, { kind: 'skip' }>,
): void {
  if (reason === 'building' && waitsOn(context, rebuild)) return;
  noteOutcome(context.work, rebuild.run, { skip: { project: rebuild.name, reason } });
  forgetRebuild(context.work, rebuild);
  if (reason !== 'unchanged') return;
  countSaved(context, rebuild.project, context.now());
  noteProject(context, state);
}
