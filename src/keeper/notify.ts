// Telling the operator: one POST to the webhook per change of state. A webhook that fails is tried again by the next
// alarms, three times in all; it never disturbs a run.

import { overdueFrom } from '../policy/health.ts';
import {
  changesSince,
  type Situation,
  standsOf,
  toldBy,
  type Watched,
  webhookBody,
} from '../policy/notices.ts';
import { ruleFor } from '../policy/rules.ts';
import { MINUTE } from '../time.ts';
import type { Context } from './context.ts';
import { type IndexEntry, readIndex } from './store/overview-index.ts';
import { type HealthFacts, readAilments } from './views/health.ts';

const TIMEOUT_MS = 10_000;
const MAX_TRIES = 3;
const AGAIN_MS = MINUTE;

/** Sends what has changed since the last notice, if anything has and somebody wants to know. */
export async function notify(
  context: Pick<Context, 'store' | 'work' | 'config' | 'now' | 'log' | 'save'>,
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): Promise<void> {
  const { work, config, now, log } = context;
  const { telling } = work;
  if (config.notifyUrl === null || !telling.due) return;
  const stands = standsOf(situation(context));
  const notices = changesSince(telling.told, stands);
  // What the alarm has done must outlive a process that dies waiting for the answer; what is due is told again then.
  if (notices.length > 0) context.save();
  telling.due = false;
  if (notices.length === 0) {
    telling.tries = 0;
    telling.told = toldBy(telling.told, stands);
    return;
  }
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
      telling.againAt = now() + AGAIN_MS;
      return;
    }
  }
  telling.tries = 0;
  telling.told = toldBy(telling.told, stands);
}

/** What there is to tell when something wakes the Keeper: that it should have woken before, or that no cron does any more. */
export function noteWaking({ work, config, now }: HealthFacts): void {
  const { telling, looked } = work;
  const ailments = readAilments({ work, config, now });
  if (ailments.includes('stalled')) telling.stalledAt ??= looked.alarmAt;
  if (ailments.includes('stalled') || ailments.includes('overdue')) telling.due = true;
}

function situation({
  store,
  work,
  config,
  now,
}: Pick<Context, 'store' | 'work' | 'config' | 'now'>): Situation {
  const { refused, stalledAt, failedRun, failedBuilds } = work.telling;
  const isWaitedFor = overdueFrom(work.looked.ticks, config.rules) !== null;
  return {
    ailments: readAilments({ work, config, now: now() }),
    ...{ refused, stalledAt, failedRun, failedBuilds },
    failedInARow: work.failedInARow,
    tickedAt: isWaitedFor ? Math.max(...Object.values(work.looked.ticks)) : null,
    projects: readIndex(store).flatMap((entry) => watched(entry, config)),
  };
}

function watched({ name, productionBranch, behind }: IndexEntry, { rules }: Context['config']): Watched[] {
  const rule = ruleFor(name, rules);
  if (rule === null) return [];
  const rebuilt = rule.rebuild === null ? null : (rule.rebuild.branch ?? productionBranch);
  return [{ name, behind, rebuilt }];
}
