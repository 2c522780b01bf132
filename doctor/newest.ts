// Whether there is a newer version, asked of whom UPDATE_URL names and of nobody else. Never with the credentials.

import { isNewer, versionIn } from '../src/policy/version.ts';
import { VERSION } from '../src/version.ts';
import type { Fetch } from './read-only.ts';

const TIMEOUT_MS = 10_000;

/** A sentence about it; `null`: there is none, or it could not be asked. `fetch` must be one that only reads. */
export async function aboutNewest(fetch: Fetch, updateUrl: string | null): Promise<string | null> {
  if (updateUrl === null) return null;
  try {
    const response = await fetch(updateUrl, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const newest = response.status === 200 ? versionIn(await response.text()) : null;
    if (newest === null) return 'UPDATE_URL names no version.';
    return isNewer(newest, VERSION) ? `Version ${newest} is there; this is ${VERSION}.` : null;
  } catch {
    return 'UPDATE_URL gave no answer.';
  }
}
