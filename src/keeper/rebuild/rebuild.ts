// Rebuilding: whose turn it is, and the decision carried out: skipped, or stored and sent.

import type { Context } from '../calls.ts';
import { wantWalk } from '../deployments/want.ts';
import { hasFreePlace, isDecidable } from '../due.ts';
import type { Decision } from '../work.ts';
import { askContent } from './content.ts';
import { decide } from './decide.ts';
import { post } from './intent.ts';

/** Decides the rebuilds that can be decided, and posts those that are to be built. */
export async function advanceRebuilds(context: Context): Promise<void> {
  const { work } = context;
  for (const decision of work.decisions.filter(({ project }) => isDecidable(work, project))) {
    if (!hasFreePlace(work)) {
      decision.waited = true;
    } else if (decision.waited) {
      // Somebody may have pushed meanwhile: it is decided by what is there when its turn comes.
      decision.waited = false;
      wantWalk(context, decision.project, true);
    } else if (!(await carryOut(context, decision))) {
      return;
    }
  }
}

/** Decides one rebuild and does it; `false`: no request is left. */
async function carryOut(context: Context, decision: Decision): Promise<boolean> {
  let step = decide(context, decision, { kind: 'unasked' });
  if (step.kind === 'ask') {
    const { projectId, url, branch, name } = step;
    if (!context.slice.take('source')) return false;
    const known = context.store.read('content', projectId)?.mark ?? null;
    const content = await askContent(context, { url, branch }, known);
    if (content.kind === 'changed' && content.why !== undefined)
      context.log({ level: 'warn', event: 'content-unread', project: name, why: content.why });
    step = decide(context, decision, content);
  }
  if (step.kind === 'later') return false;
  context.work.decisions = context.work.decisions.filter((other) => other !== decision);
  if (step.kind === 'post') await post(context, step.open);
  return true;
}
