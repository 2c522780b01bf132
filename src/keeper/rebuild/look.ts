// Rebuilds in doubt: settled by the ids at the head of the list, never by clocks. Looks twice before the POST is sent again.

import { isApiError, type PagesApiError } from '../../pages-api/errors.ts';
import type { Deployment } from '../../pages-api/model.ts';
import { isEnded } from '../../policy/credentials.ts';
import { ruleFor } from '../../policy/rules.ts';
import { type Calls, listPage } from '../calls.ts';
import type { Context } from '../context.ts';
import { isStillWanted } from './decide.ts';
import { end, LOOK_AFTER_MS, LOOKS, post, started } from './post.ts';
import type { Rebuild } from './rebuild.ts';

/** Pages that a look reads at most: so many pushes since the POST, and nobody knows. */
const MOST_PAGES = 4;
/** Looks that failed, one after the other, after which nobody knows either. */
const MOST_FAILURES = 10;

type InDoubt = Extract<Rebuild['state'], { is: 'in-doubt' }>;

/** Looks for a build in doubt: after 60 s and 120 s; only then is the POST sent once more, never again. */
export async function look(context: Context, calls: Calls, rebuild: Rebuild, state: InDoubt): Promise<void> {
  const seen = new Set(context.store.read('posted', rebuild.key)?.seen ?? []);
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await listPage(context, calls, { id: rebuild.project, name: rebuild.name }, page);
    if (answer.kind === 'spent') return;
    if (answer.kind === 'failed') {
      afterFailure(context, rebuild, state, answer.error);
      return;
    }
    const { rows } = answer.value;
    const found = newBuild(rows, seen, rebuild.branch);
    if (found) {
      started(context, rebuild, found);
      return;
    }
    // Above what was seen there may be more than a page of pushes.
    if (rows.length === 0 || seen.size === 0 || rows.some(({ id }) => seen.has(id))) {
      await lookAgain(context, calls, rebuild, state);
      return;
    }
  }
  lose(context, rebuild, 'so much was pushed since that it could not be found');
}

/** A look that failed: the next waits longer, and there is a last one. */
function afterFailure(context: Context, rebuild: Rebuild, state: InDoubt, error: PagesApiError): void {
  const { work, now } = context;
  const isOurs = isApiError(error, 'blocked', 'unauthorized');
  const failures = state.failures + (isOurs ? 0 : 1);
  rebuild.state = { ...state, failures };
  rebuild.due = now() + LOOK_AFTER_MS * Math.max(1, failures);
  if (error.kind === 'project-gone') lose(context, rebuild, 'its project does not exist any more');
  else if (
    failures >= MOST_FAILURES ||
    isEnded(work.api.standing, { kind: 'read', project: rebuild.project })
  )
    lose(context, rebuild, `the list could not be read (${error.message})`);
}

/** Not there: looked for once more, then sent once more, then nobody knows. */
async function lookAgain(context: Context, calls: Calls, rebuild: Rebuild, state: InDoubt): Promise<void> {
  const looks = state.looks + 1;
  rebuild.state = { ...state, looks, failures: 0 };
  rebuild.due = context.now() + LOOK_AFTER_MS;
  if (looks < LOOKS) return;
  if (state.attempt === 2) lose(context, rebuild, 'two requests went unanswered and no build was found');
  else if (!isWanted(context, rebuild))
    lose(context, rebuild, 'the request went unanswered, and by now the configuration wants no other');
  else if (context.store.read('projects', rebuild.project)?.inventory?.unordered)
    lose(context, rebuild, 'its list is in no order, so a build may be anywhere in it');
  else if (calls.isLeft()) await post(context, calls, rebuild, 2);
  else rebuild.state = { ...state, looks: LOOKS - 1 };
}

function isWanted({ config, store }: Context, rebuild: Rebuild): boolean {
  const rule = ruleFor(rebuild.name, config.rules);
  const project = store.read('projects', rebuild.project)?.project;
  if (config.dryRun || !rule || rule.dryRun || !rule.rebuild || !project) return false;
  return isStillWanted(rule.rebuild, rebuild, project);
}

function lose(context: Context, rebuild: Rebuild, why: string): void {
  end(context, rebuild, 'in-doubt', `nobody knows whether its rebuild was started: ${why}`);
}

/** A deployment of the branch that was not there before: it settles the doubt, whoever started it. */
function newBuild(rows: readonly Deployment[], seen: ReadonlySet<string>, branch: string): Deployment | null {
  const until = rows.findIndex(({ id }) => seen.has(id));
  const unseen = until === -1 ? rows : rows.slice(0, until);
  return unseen.find((row) => row.branch === branch && !row.skipped) ?? null;
}
