// The status page's HTTP side, to be read from top to bottom: what is open to all, the door, the routes behind it. GET and
// HEAD only, but for hooks and the button, which can have a build asked for and nothing else: all it may do is ask the Keeper,
// and only once a request was let in.

import type { Next } from 'hono';
import { Hono } from 'hono/tiny';
import { knock, type TurnedAway } from './auth/door.ts';
import { secured, tagged, unlisted } from './headers.ts';
import { BROKEN, NOT_FOUND, turnedAwayMessage } from './html/message.ts';
import { beginFrame, respond, respondMessage, respondNotConfigured } from './respond.ts';
import { deployment, deploymentJson, find } from './routes/find.ts';
import { health } from './routes/health.ts';
import { button, hook, signedHook } from './routes/hook.ts';
import { accountFeed, overview, overviewJson } from './routes/overview.ts';
import { badge, goToBranch, project, projectFeed, projectJson } from './routes/project.ts';
import { run, runJson, runs, runsJson } from './routes/runs.ts';
import { shared, sharedBadge, sharedFeed } from './routes/share.ts';
import type { Ask, SiteEnv } from './site.ts';

/**
 * Pages say `noindex` themselves, and only what may be fetched is seen to say so. What is without end is left alone:
 * searches, links to builds, data, and every address with a query.
 */
const ROBOTS = `User-agent: *
Disallow: /find
Disallow: /go/
Disallow: /hooks/
Disallow: /*.json
Disallow: /*?
`;

/** The app: a request and its `Site` in, a response out. An address with a slash at its end is the same address. */
export const app = new Hono<SiteEnv>({ strict: false });

app.use(secured, unlisted, begin);
app.all('/hooks/:project', hook);
app.all('/hooks/:project/:signature', signedHook);
app.post('/projects/:name/rebuild', enter, button);
app.use(onlyReads);
app.get('/healthz', health);
app.use(tagged);
app.get('/robots.txt', (c) => respond(c, 'text', ROBOTS));
app.get('/share/:project/:until/:signature', shared);
app.get('/share/:project/:until/:signature/feed.atom', sharedFeed);
app.get('/share/:project/:until/:signature/badge.svg', sharedBadge);

app.use(enter);
app.get('/', overview);
app.get('/status.json', overviewJson);
app.get('/feed.atom', accountFeed);
app.get('/projects/:file{[^/]+\\.json}', projectJson);
app.get('/projects/:name', project);
app.get('/projects/:name/badge.svg', badge);
app.get('/projects/:name/feed.atom', projectFeed);
app.get('/projects/:name/deployments/:file{[^/]+\\.json}', deploymentJson);
app.get('/projects/:name/deployments/:id', deployment);
app.get('/find', find);
app.get('/go/:name/:branch{.+}', goToBranch);
app.get('/runs', runs);
app.get('/runs.json', runsJson);
app.get('/runs/:file{[^/]+\\.json}', runJson);
app.get('/runs/:id', run);

app.notFound((c) => respondMessage(c, NOT_FOUND, 404));
app.onError((error, c) => {
  c.env.log({ level: 'error', event: 'page-failed', path: loggedPath(c.req.path), error: String(error) });
  return respondMessage(c, BROKEN, 503, { 'Retry-After': '10' });
});

/** A share link opens the page to whoever reads it, so its signature stays out of the log. */
function loggedPath(path: string): string {
  return path.replace(/^(\/share\/[^/]*\/[^/]*\/|\/hooks\/[^/]*\/).*$/s, '$1…');
}

function onlyReads(c: Ask, next: Next) {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  const body = 'Only GET and HEAD: nothing here changes anything.\n';
  return respond(c, 'text', body, 405, { Allow: 'GET, HEAD' });
}

function begin(c: Ask, next: Next) {
  c.set('visitor', 'outside');
  beginFrame(c);
  return next();
}

async function enter(c: Ask, next: Next) {
  const answer = await knock(c.req.raw, c.env);
  if (!answer.letIn) return turnAway(c, answer.why);
  c.set('visitor', answer.visitor);
  return c.env.problems.length === 0 ? next() : respondNotConfigured(c);
}

function turnAway(c: Ask, why: TurnedAway) {
  if (why !== 'password') return respondMessage(c, turnedAwayMessage(why), 403);
  const challenge = 'Basic realm="Pages Keeper", charset="UTF-8"';
  return respondMessage(c, turnedAwayMessage(why), 401, { 'WWW-Authenticate': challenge });
}
