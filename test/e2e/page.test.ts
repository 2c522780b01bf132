// Every state of the page in a real browser: what no string comparison can see. Layout, contrast, requests, keyboard. In the long
// run each page in each of them, at every width; else the named ones, at two.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate/node';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONG } from '../long.ts';
import { deployments } from '../web/account.ts';
import { EVERY_STATE } from '../web/every-state.ts';
import { statusPage } from '../web/fixtures.ts';
import { STATES, type State } from '../web/states.ts';
import { launch } from './browser.ts';

const SHOWN = LONG ? EVERY_STATE : STATES;
const NAMES = Object.keys(SHOWN);
const WIDTHS = LONG ? [320, 768, 1280, 1920] : [320, 1280];
const SCHEMES = ['light', 'dark'] as const;
const ALL = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => `${width} ${scheme}`));
const ENDS = ['320 dark', '1280 light'];

let browser: Browser;
let server: Server;
let port: number;

/** One server for all states: `http://<state>.localhost:<port>/…`. */
async function serve(): Promise<Server> {
  const started = createServer(async (request, response) => {
    const state = stateOf(request.headers.host?.split('.')[0] ?? '');
    const { get } = statusPage(state.answers, state.deps);
    const answer = await get(request.url ?? '/', { method: request.method ?? 'GET' });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(started, 'listening');
  return started;
}

function stateOf(name: string): State {
  const state = SHOWN[name];
  if (state === undefined) throw new Error(`no state ${name}`);
  return state;
}

const kindOf = ({ path, status = 200 }: State) => `${path.replace(/(?<=.\/).*|\?.*/, '')} ${status}`;

/**
 * Where a page is looked through for what keeps people out, which takes its time: one of each kind at the two ends, the others at
 * one of them; in the long run all of them everywhere.
 */
function thoroughly(name: string): readonly string[] {
  if (LONG) return ALL;
  const kind = kindOf(stateOf(name));
  const isFirst = NAMES.find((other) => kindOf(stateOf(other)) === kind) === name;
  return isFirst ? ENDS : [ENDS[NAMES.indexOf(name) % 2] ?? ''];
}

const address = (name: string, path = stateOf(name).path) => `http://${name}.localhost:${port}${path}`;

beforeAll(async () => {
  server = await serve();
  port = (server.address() as AddressInfo).port;
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

async function open(name: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const seen: string[] = [];
  const requests: string[] = [];
  // What the browser says of a document that is itself an error is not a message of the page.
  page.on('console', (message) => {
    if (!message.text().startsWith('Failed to load resource: the server responded with'))
      seen.push(message.text());
  });
  page.on('pageerror', (error) => seen.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  const response = await page.goto(address(name));
  return { context, page, seen, requests, status: response?.status() };
}

const axeSource: string = createRequire(import.meta.url)('axe-core').source;

/** What axe finds, all of its rules on. Evaluated, not added as a script: the page's policy allows none. */
async function faults(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axeSource);
  return page.evaluate<
    string[]
  >(`axe.run({ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html)))`);
}

const sideways = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describe.each(NAMES)('%s', (name) => {
  it('is accessible, fits its width, is quiet and asks for nothing, at every width, light and dark', async () => {
    const { context, page, seen, requests, status } = await open(name);
    expect(status).toBe(stateOf(name).status ?? 200);
    const looked = thoroughly(name);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const found = {
          colorScheme,
          width,
          sideways: await sideways(page),
          faults: looked.includes(`${width} ${colorScheme}`) ? await faults(page) : [],
        };
        expect(found).toEqual({ colorScheme, width, sideways: 0, faults: [] });
      }
    }
    expect({ seen, requests }).toEqual({ seen: [], requests: [address(name)] });
    await context.close();
  });

  // Fonts differ by a fifth in width; and WCAG 2.2, 1.4.12, lets a reader space letters and words so far.
  it('fits 320 px with wider letters', async () => {
    const { context, page } = await open(name, { viewport: { width: 320, height: 900 } });
    await page.evaluate(
      `Object.assign(document.documentElement.style, { letterSpacing: '.12em', wordSpacing: '.16em' })`,
    );
    expect(await sideways(page)).toBe(0);
    await context.close();
  });
});

/** What a reader's own settings change: colours taken away, letters twice as large, a printer. In the long run of every state. */
describe.each(LONG ? NAMES : ['overview', 'project', 'runs', 'deployment', 'found', 'shared'])(
  '%s',
  (name) => {
    it.each([
      ['without colours', { forcedColors: 'active' }, 320],
      ['twice as large', { deviceScaleFactor: 2 }, 640],
      ['on paper', {}, 794],
    ] as const)('%s', async (how, options, width) => {
      const { context, page } = await open(name, { ...options, viewport: { width, height: 900 } });
      if (how === 'on paper') await page.emulateMedia({ media: 'print' });
      if (how === 'twice as large')
        await page.evaluate(
          `document.documentElement.style.fontSize = '200%'; document.body.style.fontSize = '30px'`,
        );
      expect(await sideways(page)).toBe(0);
      if (how === 'without colours') expect(await faults(page)).toEqual([]);
      await context.close();
    });
  },
);

describe('documents', () => {
  const validate = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
    rules: {
      // Chromium forgets the roles of a table whose rows are stacked by `display: block`, so they are written out.
      'no-redundant-role': 'off',
      'prefer-native-element': 'off',
      // XML style, so that the sprite can be read as SVG.
      'void-style': 'off',
      'no-self-closing': 'off',
      // A title says all it has to, whatever its length.
      'long-title': 'off',
      'no-trailing-whitespace': 'off',
    },
  });

  it.each(NAMES)('%s is valid HTML', async (name) => {
    const state = stateOf(name);
    const html = await statusPage(state.answers, state.deps).text(state.path);
    const { results } = await validate.validateString(html);
    const messages = results.flatMap((result) =>
      result.messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
    );
    expect(messages).toEqual([]);
  });

  it.each(['overview', 'project', 'runs', 'run'])('%s reads the same without script', async (name) => {
    const texts: (string | null)[] = [];
    for (const javaScriptEnabled of [true, false]) {
      const { context, page } = await open(name, { javaScriptEnabled });
      texts.push(await page.locator('body').textContent());
      await context.close();
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]?.length).toBeGreaterThan(200);
  });
});

describe('sizes, compressed', () => {
  it('no page of any state is over 8 KB', async () => {
    const sizes = Object.entries(EVERY_STATE).map(async ([name, { path, answers, deps }]) => ({
      name,
      bytes: gzipSync(await statusPage(answers, deps).text(path)).length,
    }));
    const largestFirst = (await Promise.all(sizes)).toSorted((a, b) => b.bytes - a.bytes);
    for (const { name, bytes } of largestFirst.slice(0, 3)) console.info(`${name}: ${bytes} bytes`);
    expect(largestFirst.filter(({ bytes }) => bytes > 8_192)).toEqual([]);
  });
});

describe('height', () => {
  it.each([320, 360])('a project takes 80 px at most at %d px, a long message two lines', async (width) => {
    const { context, page } = await open('many', { viewport: { width, height: 900 } });
    const heights = await page.evaluate<number[]>(
      `[...document.querySelectorAll('tbody tr')].map((row) => row.getBoundingClientRect().height)`,
    );
    const average = heights.reduce((a, b) => a + b) / heights.length;
    console.info(`${Math.round(average)} px a project at ${width} px`);
    expect(average).toBeLessThanOrEqual(80);
    await context.close();
  });
});

describe('feeds and badge', () => {
  it.each(['/feed.atom', '/projects/docs/feed.atom', '/projects/docs/badge.svg'])(
    '%s is well-formed',
    async (path) => {
      const { context, page } = await open('overview');
      const text = await statusPage({ project: { deployments: deployments() } }).text(path);
      const root = await page.evaluate<string>(`(() => {
      const parsed = new DOMParser().parseFromString(${JSON.stringify(text)}, 'application/xml');
      return parsed.querySelector('parsererror')?.textContent ?? parsed.documentElement.localName;
    })()`);
      expect(root).toBe(path.endsWith('.svg') ? 'svg' : 'feed');
      await context.close();
    },
  );
});

describe('by keyboard, on paper, without colours', () => {
  const inside = async (
    name: string,
    look: (page: Page, context: BrowserContext) => Promise<void>,
    options = {},
  ) => {
    const { context, page } = await open(name, options);
    await look(page, context);
    await context.close();
  };

  it('the first stop skips to the content, and every stop shows where one is', () =>
    inside('overview', async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
      for (let stop = 0; stop < 12; stop += 1) {
        const style = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
        expect(style).toBe('solid');
        await page.keyboard.press('Tab');
      }
    }));

  it('print keeps the table and hides what cannot be clicked', () =>
    inside('project', async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('tbody tr').last().isVisible()).toBe(true);
      for (const hidden of ['header nav', 'form', '.x', '.fl', '.pg'])
        expect([hidden, await page.locator(hidden).first().isVisible()]).toEqual([hidden, false]);
    }));

  it('forced colours keep the edge of every notice', () =>
    inside(
      'overview',
      async (page) => {
        const border = await page.evaluate(`getComputedStyle(document.querySelector('.n')).borderTopStyle`);
        expect(border).toBe('solid');
        expect(await faults(page)).toEqual([]);
      },
      { forcedColors: 'active' },
    ));

  it('rows keep their roles where they are stacked', () =>
    inside('project', async (page) => {
      await page.setViewportSize({ width: 320, height: 900 });
      expect(await page.getByRole('columnheader').count()).toBe(6);
      expect(await page.getByRole('row').count()).toBe(26);
      expect(await page.getByRole('rowheader').count()).toBe(25);
    }));

  it('watching reloads by itself, and only then', () =>
    inside('building', async (page) => {
      expect(await page.getByRole('link', { name: 'Stop watching' }).isVisible()).toBe(true);
    }));
});
