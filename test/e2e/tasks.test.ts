// What people come for, and in how many clicks they have it: in a real browser, by the names that they read.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployments } from '../web/account.ts';
import { statusPage } from '../web/fixtures.ts';
import { STATES } from '../web/states.ts';
import { launch } from './browser.ts';

/** One account that answers all of it: what each page of the states is answered. */
const ANSWERS = {
  ...STATES.overview?.answers,
  ...STATES.project?.answers,
  ...STATES.runs?.answers,
  ...STATES.run?.answers,
  ...STATES.deployment?.answers,
  ...STATES.found?.answers,
};

let browser: Browser;
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const answer = await statusPage(ANSWERS).get(request.url ?? '/');
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

/** A visit that counts: typing and *Find* together are one. */
async function visit(path: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}${path}`);
  let clicks = 0;
  return {
    page,
    clicks: () => clicks,
    click: async (what: (page: Page) => Locator) => {
      clicks += 1;
      await what(page).first().click();
    },
    find: async (text: string) => {
      clicks += 1;
      await page.getByRole('searchbox', { name: 'Project, branch, commit or id' }).fill(text);
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/find\?q=/);
    },
    /** Where a link leads, without going there: outside there is nothing in a test. */
    leadsTo: async (what: (page: Page) => Locator) => {
      clicks += 1;
      return what(page).first().getAttribute('href');
    },
    end: () => context.close(),
  };
}

const link = (name: string | RegExp) => (page: Page) => page.getByRole('link', { name });

it('the preview of a branch: 2, from any page', async () => {
  for (const path of ['/', '/runs', '/projects/docs']) {
    const { find, leadsTo, clicks, end } = await visit(path);
    await find('dark-mode');
    expect(await leadsTo(link('Open: feat/dark-mode of docs'))).toBe('/go/docs/feat/dark-mode');
    expect(clicks()).toBe(2);
    await end();
  }
});

it('why a build failed: 1', async () => {
  const { leadsTo, clicks, end } = await visit('/');
  expect(await leadsTo(link('Build log: storefront'))).toMatch(/^https:\/\/dash\.cloudflare\.com\//);
  expect(clicks()).toBe(1);
  await end();
});

it('whether production is what was merged: 0, the first line of the project', async () => {
  const { page, end } = await visit('/projects/docs');
  const first = await page.locator('main p').first().textContent();
  expect(first).toMatch(/^Live.*Explain how aliases work.*main/);
  await end();
});

it('what goes next, by name: 1', async () => {
  const { click, clicks, page, end } = await visit('/projects/docs');
  await click(link('Goes next'));
  expect(new URL(page.url()).search).toBe('?verdict=next');
  expect(clicks()).toBe(1);
  await end();
});

it('what went on a day: 1', async () => {
  const { click, clicks, page, end } = await visit('/runs');
  await click(link('Mon 23 Nov'));
  expect(new URL(page.url()).search).toBe('?day=2026-11-23');
  expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
  expect(clicks()).toBe(1);
  await end();
});

it('why an old one is still here: 2, in words that name the rule and the place', async () => {
  const [, , one] = deployments();
  const { find, click, clicks, page, end } = await visit('/');
  await find(one?.deployment.commitHash.slice(0, 7) ?? '');
  await click(link(/renovate\/all-minor Bump/));
  expect(await page.locator('main').textContent()).toMatch(/How long it stays.*By RULES\[0\]/s);
  expect(clicks()).toBe(2);
  await end();
});

it('how to stop a run, when the next one is, how to share: 0', async () => {
  const runs = await visit('/runs');
  expect(await runs.page.locator('main').textContent()).toMatch(/To stop it:.*DRY_RUN/s);
  await runs.end();
  const overview = await visit('/');
  expect(await overview.page.locator('.f').textContent()).toContain('Next run14:00 UTC');
  await overview.end();
  const project = await visit('/projects/docs');
  expect(await project.page.locator('main').textContent()).toContain('/projects/docs/badge.svg');
  await project.end();
});
