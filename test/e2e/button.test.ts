// The button in a real browser, behind a password: what no test of headers shows is which of them a browser sends.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { statusPage, summary } from '../web/fixtures.ts';
import { launch } from './browser.ts';

let browser: Browser;
let server: Server;
let origin: string;
const page = statusPage(
  { project: { summary: summary({ hook: true }) } },
  { door: { mode: 'password', password: 'long enough' }, rebuildButton: true },
);
const asks = () => page.keeper.asked.filter(([what]) => what === 'ask');

beforeAll(async () => {
  server = createServer(async (request, response) => {
    // Another site's page, with a form that leads to ours.
    if (request.headers.host?.startsWith('evil.')) {
      response.setHeader('content-type', 'text/html');
      response.end(
        `<form method="post" action="${origin}/projects/docs/rebuild"><button>Win</button></form>`,
      );
      return;
    }
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    const answer = await page.get(request.url ?? '/', { method: request.method ?? 'GET', headers });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://status.localhost:${(server.address() as AddressInfo).port}`;
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

test('pressed on our own page, it asks for a build and comes back to the page', async () => {
  const context = await browser.newContext({ httpCredentials: { username: 'x', password: 'long enough' } });
  const tab = await context.newPage();
  await tab.goto(`${origin}/projects/docs`);
  const before = asks().length;
  const [answer] = await Promise.all([
    tab.waitForResponse((response) => response.request().method() === 'POST'),
    tab.getByRole('button', { name: /^Rebuild docs/ }).click(),
  ]);
  await tab.waitForLoadState();
  expect([answer.status(), asks().length - before, tab.url()]).toEqual([303, 1, `${origin}/projects/docs`]);
  await context.close();
});

test("pressed on another site's page, nothing is asked for, though the password is sent along", async () => {
  const context = await browser.newContext({ httpCredentials: { username: 'x', password: 'long enough' } });
  const tab = await context.newPage();
  await tab.goto(`${origin}/projects/docs`);
  await tab.goto(origin.replace('status.', 'evil.'));
  const before = asks().length;
  const [answer] = await Promise.all([
    tab.waitForResponse((response) => response.request().method() === 'POST'),
    tab.getByRole('button').click(),
  ]);
  expect([answer.status(), asks().length - before]).toEqual([403, 0]);
  await context.close();
});
