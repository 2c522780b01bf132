// The routes of the simulated API: finds the handler of a call, or answers as the real API does where there is none.
// Must not hold state, nor know about faults and limits.
import { NOT_ALLOWED } from './auth.ts';
import { decode } from './calls.ts';
import { DEPLOYMENT_ROUTES } from './deployments-api.ts';
import { type Answer, failure, Refusal } from './envelope.ts';
import { PROJECT_ROUTES } from './projects-api.ts';
import type { Context } from './route.ts';
import { UPLOAD_ROUTES } from './uploads-api.ts';

const ROUTES = [...PROJECT_ROUTES, ...DEPLOYMENT_ROUTES, ...UPLOAD_ROUTES].map(
  ([method, pattern, handle]) => ({ method, parts: pattern.split('/'), handle }),
);

/** Paths that the API token does not open: their own token or none at all. */
export function isOpen(path: string): boolean {
  return path.startsWith('/pages/');
}

/** Answers a call that passed authentication. */
export async function answer(context: Omit<Context, 'params'>): Promise<Answer> {
  const segments = context.call.path.split('/').map(decode);
  let known = false;
  for (const route of ROUTES) {
    const params = match(route.parts, segments);
    if (!params) continue;
    known = true;
    if (route.method !== context.call.method) continue;
    if (params.account !== undefined && params.account !== context.accountId) return NOT_ALLOWED;
    try {
      return await route.handle({ ...context, params });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }
  const { method, path } = context.call;
  return known
    ? failure(405, 7001, `Method ${method} not available for that URI.`)
    : failure(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
}

function match(parts: readonly string[], segments: readonly string[]): Context['params'] | null {
  if (parts.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const segment = segments[at] ?? '';
    if (part.startsWith(':') && segment !== '') params[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return params;
}
