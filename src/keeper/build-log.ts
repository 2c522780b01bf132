// The ends of failed builds' logs: asked for by a view, read by an alarm, once for each deployment and ten a minute at most, and
// kept without what looks like a secret. Sends GET only.

import type { BuildLog, DeploymentPage } from '../found.ts';
import type { LogEnd } from '../pages-api/model.ts';
import { logEnd } from '../policy/build-log.ts';
import { type AskedLogs, LOGS_A_MINUTE, logDue, mayAsk } from './asked-logs.ts';
import type { Calls } from './calls.ts';
import type { Context } from './context.ts';
import { inPart } from './part.ts';
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
  logs.sentAt = [...logs.sentAt, now()].slice(-LOGS_A_MINUTE);
  await inPart(context, { id: next.project, name: next.name }, () => read(context, calls, next));
  // Only now: who looks meanwhile finds that it was asked for.
  logs.asked = logs.asked.filter((one) => one !== next);
}

async function read(
  context: Context,
  calls: Calls,
  { id, project, name }: AskedLogs['asked'][number],
): Promise<void> {
  const at = context.now();
  // Tried already, by an alarm that did not outlive it: what ends an alarm must not end each one.
  if (!mayAsk(context.store.readLog(id), at)) return;
  context.store.writeLog(id, project, { kind: 'unread', at });
  const answer = await calls.single({ kind: 'read', project }, (api) => api.getLog(name, id));
  // Of what is no more when the answer comes nothing is kept.
  if (answer.kind === 'spent' || findRow(context, project, id) === null) {
    context.store.removeLog(id);
    return;
  }
  const end = answer.kind === 'answer' ? answer.value : null;
  context.store.writeLog(id, project, logOf(context, at, end));
}

function logOf({ config }: Pick<Context, 'config'>, at: number, end: LogEnd | null): BuildLog {
  if (end?.kind !== 'read') return { kind: end?.kind ?? 'unread', at };
  // Whatever they look like, ours are never kept.
  const known = [
    ...Object.values(config.credentials),
    ...Object.values(config.git.tokens).flatMap((token) => token.split(':')),
    ...config.destinations.map(({ url }) => url),
  ];
  return { kind: 'read', at, lines: logEnd(end.lines, known) };
}
