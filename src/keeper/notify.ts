// Telling the operator: one POST to the webhook per change of state. A webhook that fails is tried again by the next
// alarms, three times in all; it never disturbs a run.

import { changesSince, troublesOf, webhookBody } from '../policy/notices.ts';
import { ruleFor } from '../policy/rules.ts';
import type { Context } from './context.ts';
import { failedSinceLive, readOverview } from './store/overview.ts';

const TIMEOUT_MS = 10_000;
const MAX_TRIES = 3;

/** Sends what has changed since the last notice, if anything has and somebody wants to know. */
export async function notify(
  context: Pick<Context, 'store' | 'work' | 'config' | 'now' | 'log' | 'save'>,
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): Promise<void> {
  const { work, config, now, log } = context;
  const { telling } = work;
  if (config.notifyUrl === null || !telling.due) return;
  const standing = situation(context);
  const troubles = troublesOf(standing);
  const notices = changesSince(telling.told, troubles, standing);
  // What the alarm has done must outlive a process that dies waiting for the answer; what is due is told again then.
  if (notices.length > 0) context.save();
  telling.due = false;
  if (notices.length === 0) return;
  const body = JSON.stringify(webhookBody(config.notifyUrl, notices, now()));
  try {
    const response = await fetch(config.notifyUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    log({ level: 'info', event: 'notice', notices });
  } catch (error) {
    // Never the error's own words: they may hold the URL, which is a secret.
    const why = error instanceof Error && error.message.startsWith('HTTP ') ? error.message : 'no answer';
    telling.tries += 1;
    log({ level: 'warn', event: 'notice-failed', why, tries: telling.tries });
    if (telling.tries < MAX_TRIES) {
      telling.due = true;
      return;
    }
  }
  telling.tries = 0;
  telling.told = troubles;
}

function situation({ store, work, config }: Pick<Context, 'store' | 'work' | 'config'>) {
  const ruled = Object.values(readOverview(store)).filter(({ project }) =>
    ruleFor(project.name, config.rules),
  );
  return {
    refused: work.api.trouble?.kind === 'token' ? work.api.trouble.message : null,
    failedRun: work.telling.failedRun,
    failedBuilds: work.telling.failedBuilds,
    behind: Object.fromEntries(ruled.map((entry) => [entry.project.name, failedSinceLive(entry)])),
  };
}
