// One deployment: as it is, or what became of it. Reads only.

import type { DeploymentPage, Gone, RuleName } from '../../found.ts';
import { buildStatus, type Deployment } from '../../pages-api/model.ts';
import { matchesGlobs, type Rule } from '../../policy/rules.ts';
import type { Deletion } from '../../report.ts';
import { mayAsk } from '../asked-logs.ts';
import { blocksOf } from '../store/inventory.ts';
import { keysOf } from '../store/overview.ts';
import { deploymentPiece } from '../store/values.ts';
import { agree } from './further.ts';
import { readHealth } from './health.ts';
import { hideIn } from './hide.ts';
import { troubleOf } from './reads.ts';
import { findEntry } from './shown.ts';
import { contextOf, judging, summaryOf } from './summaries.ts';
import type { View } from './view.ts';

/** Blocks that are looked through for one deployment, newest first: fifty thousand of them. */
const MOST_BLOCKS = 500;
/** Batches of deletions that are looked through, newest run first. */
const MOST_BATCHES = 2_000;

/** A deployment of a project by its id; `null`: it is not known, or is no more. */
export function findRow({ store }: Pick<View, 'store'>, project: string, id: string): Deployment | null {
  const blocks = blocksOf(store.read('projects', project));
  const ids = blocks.slice(0, MOST_BLOCKS).map((block) => block.id);
  const [found] = store.blocksWith(ids, deploymentPiece(id), 1);
  return found === undefined ? null : (store.readBlock(found).find((row) => row.id === id) ?? null);
}

/** Whether it is no more: what the API refused to delete is recorded as well. */
export const isGone = ({ outcome }: Deletion) => outcome === 'deleted' || outcome === 'gone';

/** What was recorded when it was deleted; `null`: nothing was, or not by us. */
function findGone({ store }: View, name: string, id: string): Gone | null {
  for (const { run, deletions } of store.deletionsWith(id, MOST_BATCHES)) {
    const deletion = deletions.find((one) => isGone(one) && one.id === id && one.project === name);
    if (deletion !== undefined) return { run, deletion };
  }
  return null;
}

/** Which rule is a project's, by its place and the pattern that matches. */
function nameOfRule(rules: readonly Rule[], rule: Rule, name: string): RuleName {
  const pattern = rule.projects.find((one) => !one.startsWith('!') && matchesGlobs(name, [one])) ?? '*';
  return { index: rules.indexOf(rule), pattern };
}

/** What is kept of a failed build's log; where nothing is, it is to be asked for. */
function readLog({ store, work, config, now }: View, row: Deployment | undefined): DeploymentPage['log'] {
  if (!config.buildLogs || row === undefined || buildStatus(row, now) !== 'failed') return null;
  const log = store.readLog(row.id);
  const isAsked = work.logs.asked.some(({ id }) => id === row.id);
  return log === null || isAsked || mayAsk(log, now) ? { kind: 'asked' } : log;
}

/** `/projects/:name/deployments/:id`; `null`: no shown project of that name, or nothing is known of that id. */
export function readDeploymentPage(
  view: View,
  name: string,
  id: string,
  withLog: boolean,
): DeploymentPage | null {
  const { store, work, config } = view;
  const known = findEntry(view, name);
  if (known === null || id === '') return null;
  const { entry, rule } = known;
  const row = findRow(view, entry.project.id, id);
  const gone = row === null ? findGone(view, name, id) : null;
  if (row === null && gone === null) return null;
  const { project, rows } = agree(entry.project, row === null ? [] : [row]);
  const facts = store.readFacts(project.id, keysOf(rows));
  const refusals = store.read('refusals', project.id) ?? {};
  const context = facts && contextOf(view, project, rule, { facts, refusals });
  return {
    health: readHealth(view),
    checkedAt: work.looked.checkedAt,
    trouble: troubleOf(view, hideIn(view)),
    summary: summaryOf(view, { ...entry, project }, rule),
    deployment: rows.map(judging(context, view, work.tasks.get(project.id)))[0] ?? null,
    gone,
    rule: nameOfRule(config.rules, rule, name),
    log: withLog ? readLog(view, rows[0]) : null,
  };
}
