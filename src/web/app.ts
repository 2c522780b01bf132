// The status page's HTTP side: the door first, then the routes, one error edge. GET and HEAD only, and nothing here
// changes anything: all it may do is ask the Keeper. A request that is not let in never reaches `keeper()`.

import type { Context, Hono } from 'hono';
import { Hono as TinyHono } from 'hono/tiny';
import type { Door } from '../config/config.ts';
import type { LogEntry } from '../log.ts';
import type { KeeperReads } from '../report.ts';
import { answer } from './answer.ts';
import { type Refusal, refusal } from './auth/door.ts';
import { securityHeaders } from './headers.ts';
import { healthRoute } from './health.ts';
import { BROKEN, NOT_CONFIGURED, NOT_FOUND, refusalMessage } from './html/message.ts';
import { STYLE } from './html/style.ts';
import { createPages } from './pages.ts';
import { respondMessage } from './respond.ts';
import { addSharedPage } from './shared-page.ts';

/** What the status page needs from outside. */
export interface StatusDeps {
  /** Called only after the door has let the request in. */
  readonly keeper: () => KeeperReads;
  readonly door: Door;
  /** For share links; `null`: there are none. */
  readonly shareKey?: string | null | undefined;
  /** `false`: the configuration is broken, and nothing is asked of the Keeper. */
  readonly configured: boolean;
  /** Every page says that the account is a simulated one. */
  readonly simulated: boolean;
  readonly now: () => number;
  /** `ctx.access`. */
  readonly access?: { readonly aud: string } | undefined;
  /** For the keys of Cloudflare Access. */
  readonly fetchKeys?: typeof fetch | undefined;
  readonly version: string;
  readonly log: (entry: LogEntry) => void;
}

/** Builds the app. Cheap enough to do for every request. */
export function createApp(deps: StatusDeps): Hono {
  const app = new TinyHono();
  app.use(securityHeaders(STYLE));
  app.use(async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    return c.text('Only GET and HEAD: nothing here changes anything.\n', 405, { Allow: 'GET, HEAD' });
  });
  app.get('/robots.txt', (c) => answer(c, { type: 'text', body: 'User-agent: *\nDisallow: /\n' }));
  app.get('/healthz', (c) => healthRoute(c, deps));
  addSharedPage(app, deps);
  app.use(async (c, next) => {
    const refused = await refusal(c.req.raw, deps);
    if (refused !== null) return refuse(c, deps, refused);
    return deps.configured ? next() : respondMessage(c, deps, NOT_CONFIGURED, 503);
  });
  createPages(app, deps);
  app.notFound((c) => respondMessage(c, deps, NOT_FOUND, 404));
  app.onError((error, c) => {
    deps.log({ level: 'error', event: 'page-failed', path: c.req.path, error: String(error) });
    return respondMessage(c, deps, BROKEN, 503, { 'Retry-After': '10' });
  });
  return app;
}

function refuse(c: Context, deps: StatusDeps, refused: Refusal) {
  const headers =
    refused === 'password' ? { 'WWW-Authenticate': 'Basic realm="Pages Keeper", charset="UTF-8"' } : {};
  return respondMessage(c, deps, refusalMessage(refused), refused === 'password' ? 401 : 403, headers);
}
