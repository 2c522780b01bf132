// How the pages look in the moments in which they are most easily wrong, with the real Worker behind them: heading, title and colour
// of the overview, and no page that scrolls sideways. Part of `npm run test:long` only. With VITE_SHOTS=FOLDER it leaves a picture
// of every page there, at both widths, for eyes.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from './browser.ts';
import type { World } from './dev-worker.ts';
import { type Moment, PLAYS } from './moments.ts';

const SHOTS = import.meta.env.VITE_SHOTS as string | undefined;
const WIDTHS = [1280, 320];
const FILLS = { ok: '#0b7a43', busy: '#a86400', bad: '#c21a28', quiet: '#56616e' };

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  if (SHOTS !== undefined) mkdirSync(SHOTS, { recursive: true });
});
afterAll(() => browser.close());

const fileName = (moment: string, path: string, width: number) =>
  `${`${moment}${path === '/' ? ' overview' : path}`.replaceAll(/[^a-z0-9]+/gi, '-')}-${width}.png`;

async function look({ url }: World, { name, paths, heading, title, mood }: Moment): Promise<void> {
  for (const width of WIDTHS) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    for (const path of paths) {
      await page.goto(`${url}${path}`);
      const seen = await page.evaluate<{ sideways: number; icon: string; heading: string }>(`({
        sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        icon: decodeURIComponent(document.querySelector('link[rel=icon]').href),
        heading: document.querySelector('h1').textContent,
      })`);
      if (SHOTS !== undefined)
        await page.screenshot({ path: join(SHOTS, fileName(name, path, width)), fullPage: true });
      console.info(`${name}, ${path}, ${width} px: ${seen.heading} | ${await page.title()}`);
      expect([name, path, width, seen.sideways]).toEqual([name, path, width, 0]);
      if (path !== '/') continue;
      expect(seen.heading).toMatch(heading);
      expect(await page.title()).toMatch(title);
      expect([name, seen.icon.includes(FILLS[mood])]).toEqual([name, true]);
    }
    await page.close();
  }
}

test.each(Object.keys(PLAYS))('%s', async (name) => {
  let looked = 0;
  await PLAYS[name]?.((world, moment) => {
    looked += 1;
    return look(world, moment);
  });
  expect(looked).toBeGreaterThan(0);
});
