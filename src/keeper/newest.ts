// Whether there is a newer version: asked once a day of whom the operator named, and of nobody else. One GET, without our
// credentials; the answer is only shown. Must never disturb a run.

import { createBodyReader } from '../pages-api/body.ts';
import { versionIn } from '../policy/version.ts';
import { DAY } from '../time.ts';
import type { Calls } from './calls.ts';
import type { Context } from './context.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 100_000;

/** Asks, where it is wanted and a day has passed since. An answer that names no version changes nothing. */
export async function askNewest(
  { work, config, now, log }: Pick<Context, 'work' | 'config' | 'now' | 'log'>,
  calls: Pick<Calls, 'elsewhere'>,
): Promise<void> {
  const { newest } = work.looked;
  if (config.updateUrl === null) {
    newest.version = null;
    return;
  }
  if (now() - newest.askedAt < DAY) return;
  const fetch = calls.elsewhere();
  if (fetch === null) return;
  newest.askedAt = now();
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(config.updateUrl, { redirect: 'manual', signal });
    if (response.status === 200) {
      newest.version = versionIn(await createBodyReader(MAX_BYTES, MAX_BYTES)(response)) ?? newest.version;
    } else await response.body?.cancel();
  } catch {
    // Never the error's own words: they may hold the URL.
    log({ level: 'info', event: 'no-version' });
  }
}
