// What may have something done: `POST /hooks/…` and the button on a project's page. Each has a build asked for, and nothing else;
// a request that may not wakes nobody. Bodies are not read.

import type { Asked, BuildRequest } from '../../asks.ts';
import { iso } from '../../words/time.ts';
import { askedBy, hasKey } from '../auth/hook.ts';
import { json } from '../markup.ts';
import { projectPath } from '../model/links.ts';
import { readName } from '../query.ts';
import { respond, type Status } from '../respond.ts';
import type { Ask } from '../site.ts';

const BRANCH = /^[^\s\p{Cc}]{1,255}$/u;

type Headers = Readonly<Record<string, string>>;

const refuse = (c: Ask, status: Status, error: string, headers: Headers = {}) =>
  respond(c, 'json', json({ error }), status, headers);

const wrongMethod = (c: Ask) => refuse(c, 405, 'method', { Allow: 'POST' });
const wrongKey = (c: Ask) => refuse(c, 401, 'key', { 'WWW-Authenticate': 'Bearer' });

/** `POST /hooks/:project` */
export async function hook(c: Ask): Promise<Response> {
  if (c.req.method !== 'POST') return wrongMethod(c);
  // Before any name is looked at.
  if (!(await hasKey(c.env.hookKey, c.req.header('authorization')))) return wrongKey(c);
  return answer(c, c.req.query('branch') ?? null);
}

/** `POST /hooks/:project/:signature` */
export async function signedHook(c: Ask): Promise<Response> {
  if (c.req.method !== 'POST') return wrongMethod(c);
  const { project = '', signature = '' } = c.req.param();
  const asked = await askedBy(c.env.hookKey, project, signature);
  return asked === null ? wrongKey(c) : answer(c, asked.branch);
}

async function answer(c: Ask, branch: string | null): Promise<Response> {
  if (c.env.problems.length > 0) return refuse(c, 503, 'config', { 'Retry-After': '60' });
  const project = readName(c.req.param('project'));
  if (project === null || (branch !== null && !BRANCH.test(branch))) return refuse(c, 404, 'not-found');
  const asked = await c.env.keeper().ask({ project, branch, by: 'hook' });
  return answerOf(c, asked);
}

function answerOf(c: Ask, asked: Asked): Promise<Response> {
  switch (asked.kind) {
    case 'asked': {
      const { project, branch, buildAt } = asked;
      return respond(c, 'json', json({ project, branch, buildAt: iso(buildAt) }), 202);
    }
    case 'unknown':
      return refuse(c, 404, 'not-found');
    case 'no-source':
      return refuse(c, 409, 'direct-upload');
    case 'full':
      return refuse(c, 429, 'full', { 'Retry-After': '60' });
    case 'starting':
      return refuse(c, 503, 'starting', { 'Retry-After': '10' });
  }
  return asked satisfies never;
}

/**
 * Whether a form on our own page sent it: browsers say so themselves, and no page can. Only where they do not, the origin must
 * be ours; `null` is a no, for that is what a page of somebody else's can make them send.
 */
function isOurForm(c: Ask): boolean {
  const site = c.req.header('sec-fetch-site');
  return site === undefined ? c.req.header('origin') === new URL(c.req.url).origin : site === 'same-origin';
}

/** `POST /projects/:name/rebuild`, behind the door. */
export async function button(c: Ask): Promise<Response> {
  if (c.var.visitor !== 'known' || !c.env.rebuildButton || !isOurForm(c))
    return refuse(c, 403, 'not-allowed');
  const project = readName(c.req.param('name'));
  if (project === null) return refuse(c, 404, 'not-found');
  const request: BuildRequest = { project, branch: null, by: 'button' };
  const asked = await c.env.keeper().ask(request);
  if (asked.kind !== 'asked') return answerOf(c, asked);
  return c.redirect(projectPath(project), 303);
}
