// The simulated API behind a real HTTP server on the loopback address, for clients in another process.
// Faults become what they are on a wire: a destroyed socket, an answer that never comes. Node only.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGit } from './git.ts';
import type { Fault, Simulator } from './simulator.ts';

/** A running server. `baseUrl` is what CLOUDFLARE_API_BASE_URL is set to. */
export interface Served {
  readonly origin: string;
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** The body of `POST /__fault`: which calls a fault hits, and how many of them (1 unless said otherwise). */
export interface FaultOrder {
  fault: Fault;
  method?: string;
  /** Part of the path. */
  path?: string;
  times?: number;
}

/**
 * Serves a simulator. Besides the API: `GET /cms/feed.json` (content to ask for), `POST /chat` (notices), `/example-org/<project>.git` (its repository, for Git), `GET /__calls` (the log), `POST /__fault` (a FaultOrder) and `DELETE /__fault`,
 * for tests that run in another process.
 */
export async function serve(
  simulator: Simulator,
  port = 0,
  onNotice: (text: string) => void = () => undefined,
): Promise<Served> {
  const server = createServer((request, response) => {
    handle(simulator, request, response, onNotice).catch(() => request.socket.destroy());
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    baseUrl: `${origin}/client/v4`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function handle(
  simulator: Simulator,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  onNotice: (text: string) => void,
) {
  const request = await webRequest(incoming, outgoing);
  const aside = chat(request, onNotice) ?? control(simulator, request);
  const answer = (await (aside ?? answerGit(simulator.account, request))) ?? (await simulator.fetch(request));
  const body = Buffer.from(await answer.arrayBuffer());
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
}

/** The signal fires when the client goes away, so that a call that hangs ends with it. */
async function webRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request> {
  const controller = new AbortController();
  outgoing.once('close', () => controller.abort());
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const method = incoming.method ?? 'GET';
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = method === 'GET' || method === 'HEAD' || chunks.length === 0 ? null : Buffer.concat(chunks);
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
  return new Request(url, { method, headers, body, signal: controller.signal });
}

/** The feed of a CMS that never changes: what a rule's `ifChanged` asks in the demo. */
function feed(request: Request): Response {
  const etag = '"november"';
  const headers = { etag, 'content-type': 'application/json' };
  const known = request.headers.get('if-none-match') === etag;
  return known
    ? new Response(null, { status: 304, headers })
    : new Response('{"newest":"Opening hours in December"}', { headers });
}

/** Somebody's chat, which is told what happens: `POST /chat`. */
async function hear(request: Request, onNotice: (text: string) => void): Promise<Response> {
  const { text } = (await request.json()) as { text: string };
  for (const line of text.split('\n')) onNotice(line);
  return new Response('ok');
}

function chat(request: Request, onNotice: (text: string) => void): Promise<Response> | null {
  const isChat = request.method === 'POST' && new URL(request.url).pathname === '/chat';
  return isChat ? hear(request, onNotice) : null;
}

function control(simulator: Simulator, request: Request): Response | Promise<Response> | null {
  const { pathname } = new URL(request.url);
  if (pathname === '/cms/feed.json') return feed(request);
  if (pathname === '/__calls') return Response.json(simulator.calls);
  if (pathname !== '/__fault') return null;
  if (request.method === 'DELETE') simulator.fault = null;
  return request.method === 'POST' ? order(simulator, request) : new Response(null, { status: 204 });
}

async function order(simulator: Simulator, request: Request): Promise<Response> {
  const { fault, method, path = '', times = 1 } = (await request.json()) as FaultOrder;
  let left = times;
  simulator.fault = (call) => {
    const hit = left > 0 && (method === undefined || call.method === method) && call.path.includes(path);
    if (hit) left -= 1;
    return hit ? fault : null;
  };
  return new Response(null, { status: 204 });
}
