// How the builds stand that runs have started, by what is known of their deployments since: a run's record is told of a build a
// few times only, so that no page says two things of one build. Reads only.

import { buildStatus, type Deployment } from '../../pages-api/model.ts';
import type { RebuildRecord, RunRecord } from '../../report.ts';
import { DAY } from '../../time.ts';
import { newestFirst, topBlocks } from '../store/blocks.ts';
import { blocksOf } from '../store/inventory.ts';
import { readIndex } from '../store/overview-index.ts';
import { further } from './further.ts';
import type { View } from './view.ts';

/** What may still change, in the order in which a build goes through it. */
const OPEN: readonly RebuildRecord['status'][] = ['unknown', 'requested', 'queued', 'building'];

/** Projects of which a view looks through the newest deployments; of all of them the newest and the live one are known. */
const MOST_LOOKED = 20;

const isOpen = ({ deploymentId, status }: RebuildRecord) => deploymentId !== null && OPEN.includes(status);

/** These runs, each build as it is known to stand. */
export function standingNow(view: View, runs: readonly RunRecord[]): RunRecord[] {
  const open = runs.flatMap(({ rebuilds }) => rebuilds.filter(isOpen));
  if (open.length === 0) return [...runs];
  const known = knownOf(view, open);
  return runs.map((run) => ({
    ...run,
    rebuilds: run.rebuilds.map((one) =>
      isOpen(one) ? { ...one, status: statusOf(view, run, one, known) } : one,
    ),
  }));
}

function statusOf(
  { now }: View,
  { startedAt }: RunRecord,
  { deploymentId, status }: RebuildRecord,
  known: ReadonlyMap<string, Deployment>,
): RebuildRecord['status'] {
  const row = known.get(deploymentId ?? '');
  const seen = row === undefined ? status : buildStatus(row, now);
  if (seen !== status)
    return !OPEN.includes(seen) || OPEN.indexOf(seen) > OPEN.indexOf(status) ? seen : status;
  // It is gone, and nobody has seen how it went; what was asked for within the day may be on its way.
  return row === undefined && now - startedAt > DAY ? 'unknown' : status;
}

/** The deployments of these builds that are known, by id, each as it is furthest on. */
function knownOf(view: View, open: readonly RebuildRecord[]): Map<string, Deployment> {
  const { store } = view;
  const wanted = new Set(open.map(({ deploymentId }) => deploymentId));
  const names = new Set(open.map(({ project }) => project));
  const ids = readIndex(store).flatMap(({ id, name }) => (names.has(name) ? [id] : []));
  const known = new Map<string, Deployment>();
  const note = (row: Deployment | null) => {
    if (row !== null && wanted.has(row.id)) known.set(row.id, further(row, known.get(row.id)));
  };
  for (const { project } of store.readMany('overview', ids)) {
    note(project.latest);
    note(project.canonical);
  }
  for (const id of ids.slice(0, MOST_LOOKED))
    for (const row of newestFirst(store, topBlocks(blocksOf(store.read('projects', id))))) note(row);
  return known;
}
