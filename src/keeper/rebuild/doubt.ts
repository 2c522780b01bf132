// Rebuilds in doubt: settled by the ids at the head of the list, never by clocks. Looks twice before the POST is sent again.

import { isApiError } from '../../pages-api/errors.ts';
import type { Deployment } from '../../pages-api/model.ts';
import { DEPLOYMENTS_A_PAGE } from '../../pages-api/paging.ts';
import { ruleFor } from '../../policy/rules.ts';
import type { Context } from '../calls.ts';
import { noteOutcome } from '../runs.ts';
import type { OpenIntent } from '../work.ts';
import { LOOK_AFTER_MS, LOOKS, post, settleIntent } from './intent.ts';

/** Looks for the builds in doubt that are due: after 60 s and 120 s; only then is the POST sent once more, never again. */
export async function settleDoubts(context: Context): Promise<void> {
  const { work, slice, store } = context;
  for (const open of work.intents.filter(({ state, due }) => state === 'doubt' && due <= context.now())) {
    if (!slice.take('list')) return;
    const intent = store.read('intents', open.key);
    try {
      const { rows } = await slice.api.listDeployments(open.name, { page: 1, perPage: DEPLOYMENTS_A_PAGE });
      const found = newBuild(rows, intent?.seen ?? [], open.branch);
      if (found) settleIntent(context, open, 'built', found.id || null);
      else await lookAgain(context, open);
    } catch (error) {
      if (!isApiError(error)) throw error;
      slice.note(error);
      if (error.kind === 'project-gone') settleIntent(context, open, 'lost', null);
      else open.due = context.now() + LOOK_AFTER_MS;
    }
  }
}

async function lookAgain(context: Context, open: OpenIntent): Promise<void> {
  open.looks += 1;
  open.due = context.now() + LOOK_AFTER_MS;
  if (open.looks < LOOKS) return;
  if (open.attempt >= 2) {
    lose(context, open, 'two requests went unanswered and no build was found');
  } else if (!isWanted(context, open)) {
    lose(context, open, 'the request went unanswered, and by now the configuration wants no other');
  } else if (context.slice.take('call')) {
    Object.assign(open, { state: 'posting', attempt: 2, looks: 0 });
    // Stored before it leaves, like the first one: after a crash it must not be sent a third time.
    context.store.writeState('work', context.work);
    await post(context, open);
  } else {
    open.looks = LOOKS - 1;
  }
}

function isWanted({ config }: Context, open: OpenIntent): boolean {
  const rule = ruleFor(open.name, config.rules);
  return !config.dryRun && rule !== null && !rule.dryRun && rule.rebuild !== null;
}

function lose(context: Context, open: OpenIntent, why: string): void {
  settleIntent(context, open, 'lost', null);
  const refusal = {
    project: open.name,
    why: `nobody knows whether its rebuild was started: ${why}`,
  };
  noteOutcome(context.work, open.run, { refusal });
}

/** A deployment of the branch that was not there before: it settles the doubt, whoever started it. */
function newBuild(rows: readonly Deployment[], seen: readonly string[], branch: string): Deployment | null {
  const known = new Set(seen);
  const until = rows.findIndex(({ id }) => known.has(id));
  const unseen = until === -1 ? rows : rows.slice(0, until);
  return unseen.find((row) => row.branch === branch && !row.skipped) ?? null;
}
