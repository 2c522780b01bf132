// What `wrangler pages deploy` needs beside a deployment: the upload token and the assets endpoints.
// Must not store files: they are acknowledged and forgotten.

import { success } from './envelope.ts';
import { namedProject, PROJECTS } from './projects-api.ts';
import type { Context, Route } from './route.ts';

const HOUR_SECONDS = 3_600;

/** wrangler reads the expiry out of the token, so it has to look like one; nothing checks its signature. */
function uploadToken(context: Context) {
  namedProject(context);
  const exp = Math.floor(context.now / 1_000) + HOUR_SECONDS;
  const encode = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('=', '');
  return success({
    jwt: `${encode({ alg: 'none' })}.${encode({ exp, max_file_count_allowed: 20_000 })}.simulated`,
  });
}

/** The routes, for api.ts. */
export const UPLOAD_ROUTES: readonly Route[] = [
  ['GET', `${PROJECTS}/:name/upload-token`, uploadToken],
  ['POST', '/pages/assets/check-missing', () => success([])],
  ['POST', '/pages/assets/upload', () => success({ successful_key_count: 0, unsuccessful_keys: [] })],
  ['POST', '/pages/assets/upsert-hashes', () => success(null)],
];
