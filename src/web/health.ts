// /healthz: answers in every mode, before the door, for monitors. No names, no details, nothing that costs an API call.

import type { Context } from 'hono';
import type { Health } from '../report.ts';
import { iso } from '../words/time.ts';
import { answer } from './answer.ts';
import type { StatusDeps } from './app.ts';

/** 200 when the Keeper is well, 503 with a reason word when it is not. */
export async function healthRoute(c: Context, deps: StatusDeps): Promise<Response> {
  const health = await readHealth(deps);
  const body = JSON.stringify({
    ok: health.ok,
    reason: health.reason,
    lastRunAt: iso(health.lastRunAt),
    lastSuccessAt: iso(health.lastSuccessAt),
  });
  return answer(c, { type: 'json', body, status: health.ok ? 200 : 503, fresh: true });
}

async function readHealth(deps: StatusDeps): Promise<Health> {
  const silent = { ok: false, lastRunAt: null, lastSuccessAt: null } as const;
  if (!deps.configured) return { ...silent, reason: 'config' };
  try {
    return await deps.keeper().health();
  } catch (error) {
    deps.log({ level: 'error', event: 'health-failed', error: String(error) });
    return { ...silent, reason: 'stalled' };
  }
}
