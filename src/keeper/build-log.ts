// The ends of failed builds' logs: asked for by a view, read by an alarm, once for each deployment and ten a minute at most, and
// kept without what looks like a secret. Sends GET only.

import type { BuildLog, DeploymentPage } from '../found.ts';
import type { LogEnd } from '../pages-api/model.ts';
import { logEnd } from '../policy/build-log.ts';
import { LOGS_A_MINUTE, logDue } from './asked-logs.ts';
import type { Calls } from './calls.ts';
import type { Context } from './context.ts';
import { findRow } from './views/deployment.ts';

/** That wait to be read. */
const MOST_ASKED = 20;

/** Has the log of this page read, where it waits for it; `true`: that is new, and takes an alarm. */
export function wantLog(
  { work }: Pick<Context, 'work'>,
  page: Pick<DeploymentPage, 'log' | 'summary' | 'deployment'>,
): boolean {
  const { logs } = work;
  const id = page.deployment?.deployment.id ?? '';
  if (page.log?.kind !== 'asked' || logs.asked.length >= MOST_ASKED) return false;
  if (logs.asked.some((one) => one.id === id)) return false;
  const { project } = page.summary;
  logs.asked.push({ id, project: project.id, name: project.name });
  return true;
}

/** Reads one log that was asked for, where one may be: it takes CPU like a page of a list. */
export async function fetchLog(context: Context, calls: Calls): Promise<void> {
  const { store, work, config, now } = context;
  const { logs } = work;
  if (!config.buildLogs) {
    // Switched off: what is there is not kept.
    if (logs.sentAt.length > 0) store.removeLogs(null);
    Object.assign(logs, { asked: [], sentAt: [] });
    return;
  }
  const [next] = logs.asked;
  if (next === undefined || (logDue(logs) ?? 0) > now() || !calls.isLeft()) return;
  const at = now();
  logs.asked.shift();
  logs.sentAt = [...logs.sentAt, at].slice(-LOGS_A_MINUTE);
  const answer = await calls.single({ kind: 'read', project: next.project }, (api) =>
    api.getLog(next.name, next.id),
  );
  if (answer.kind === 'spent') return;
  // Of what is no more when the answer comes nothing is kept.
  if (findRow(context, next.project, next.id) === null) return;
  store.writeLog(next.id, next.project, logOf(context, at, answer.kind === 'answer' ? answer.value : null));
}

function logOf({ config }: Pick<Context, 'config'>, at: number, end: LogEnd | null): BuildLog {
  if (end?.kind !== 'read') return { kind: end?.kind ?? 'unread', at };
  // Whatever they look like, ours are never kept.
  const known = [...Object.values(config.credentials), ...config.destinations.map(({ url }) => url)];
  return { kind: 'read', at, lines: logEnd(end.lines, known) };
}
