// /healthz: answers in every mode, before the door, for monitors. No names, no details, nothing that costs an API call.

import type { Health } from '../../report.ts';
import { iso } from '../../words/time.ts';
import { json } from '../markup.ts';
import { respond } from '../respond.ts';
import type { Ask } from '../site.ts';

/** 200 when the Keeper is well, 503 with a reason word when it is not. */
export async function health(c: Ask): Promise<Response> {
  const { ok, reason, lastRunAt, lastSuccessAt } = await readHealth(c);
  const body = json({ ok, reason, lastRunAt: iso(lastRunAt), lastSuccessAt: iso(lastSuccessAt) });
  return respond(c, 'json', body, ok ? 200 : 503, { 'Cache-Control': 'no-store' });
}

async function readHealth({ env }: Ask): Promise<Health> {
  const silent = { ok: false, lastRunAt: null, lastSuccessAt: null, missed: null, newest: null } as const;
  if (env.problems.length > 0) return { ...silent, reason: 'config' };
  try {
    return await env.keeper().health();
  } catch (error) {
    env.log({ level: 'error', event: 'health-failed', error: String(error) });
    return { ...silent, reason: 'stalled' };
  }
}
