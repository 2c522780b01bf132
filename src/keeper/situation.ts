// What there is to tell: what is stored, put before policy/notices. Tells nobody; notify.ts does.

import { missedOf, overdueFrom } from '../policy/health.ts';
import type { Situation, Watched } from '../policy/notices.ts';
import { asksGit } from '../policy/repository.ts';
import { ruleFor } from '../policy/rules.ts';
import type { Context } from './context.ts';
import type { Behind } from './looked.ts';
import { type IndexEntry, readIndex } from './store/overview-index.ts';
import { type HealthFacts, readAilments } from './views/health.ts';

/** What there is to tell when something wakes the Keeper: that it should have woken before, or that no cron does any more. */
export function noteWaking({ work, config, now }: HealthFacts): void {
  const { telling } = work;
  const ailments = readAilments({ work, config, now });
  if (ailments.includes('stalled')) telling.stalledAt ??= work.alarmAt;
  if (ailments.includes('stalled') || ailments.includes('overdue')) telling.due = true;
}

/** How things stand, as the notices are made from it. */
export function situation({
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
    missed: isWaitedFor ? missedOf(work.looked.ticks) : null,
    projects: readIndex(store).flatMap((entry) => watched(entry, { work, config })),
  };
}

function watched(
  { id, name, productionBranch, hasSource, behind }: IndexEntry,
  { work, config }: Pick<Context, 'work' | 'config'>,
): Watched[] {
  const rule = ruleFor(name, config.rules);
  if (rule === null) return [];
  const rebuilt = rule.rebuild === null ? null : (rule.rebuild.branch ?? productionBranch);
  // Git has no head to be compared with of what is uploaded.
  if (!asksGit(rule) || !hasSource) return [{ name, behind, rebuilt }];
  const found = work.looked.behind[id];
  return [
    {
      name,
      behind,
      unbuilt: found === undefined ? null : unbuiltWords(name, productionBranch, found),
      rebuilt,
    },
  ];
}

/** `docs: main is at abc1234, live is 9f8e7d6, no build was started.` */
function unbuiltWords(name: string, branch: string, { commit, live }: Behind): string {
  const isLive = live === '' ? 'nothing is live' : `live is ${live.slice(0, 7)}`;
  return `${name}: ${branch} is at ${commit.slice(0, 7)}, ${isLive}, no build was started.`;
}
