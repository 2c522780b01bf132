// How the Keeper is, for `/healthz`, the pages and the notices: policy/health.ts, asked with what is stored. Asks for nothing.

import type { Config } from '../../config/config.ts';
import { type Ailment, ailmentsOf, missedOf, overdueFrom } from '../../policy/health.ts';
import type { Health } from '../../report.ts';
import type { Work } from '../work.ts';

/** What its health rests on. */
export interface HealthFacts {
  readonly work: Work;
  readonly config: Pick<Config, 'rules'>;
  /** Epoch ms. */
  readonly now: number;
}

/** All that ails the Keeper, the worst first. */
export function readAilments({ work, config, now }: HealthFacts): Ailment[] {
  const vitals = {
    refused: work.api.trouble?.kind === 'token',
    alarmAt: work.alarmAt,
    overdueFrom: overdueFrom(work.looked.ticks, config.rules),
    failedInARow: work.failedInARow,
    hasSucceeded: work.lastSuccessAt !== null,
    blockedUntil: work.api.pace.blockedUntil,
  };
  return ailmentsOf(vitals, now);
}

/** `/healthz`: whether the Keeper itself is well. Names nothing. */
export function readHealth(facts: HealthFacts): Health {
  const { lastRunAt, lastSuccessAt, looked } = facts.work;
  const ailments = readAilments(facts);
  const [worst] = ailments;
  const reason = worst ?? (lastRunAt === null ? 'starting' : null);
  const missed = ailments.includes('overdue') ? missedOf(looked.ticks) : null;
  const newest = looked.newest.version;
  return { ok: worst === undefined, reason, lastRunAt, lastSuccessAt, missed, newest };
}
