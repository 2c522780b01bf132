// Paths and queries of any length and content: answered, bounded, and never passed on to the Keeper beyond what a name can be.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusPage } from './fixtures.ts';

const LONG = 100_000;
const LONGEST_BODY = 40_000;
const long = ['a', '%F0%9F%98%80', '..%2f', '%00', '%E0%A4%A', '"><script>', '+', '&', '='].map((part) =>
  part.repeat(Math.ceil(LONG / part.length)),
);
const routes = (part: string) => [
  `/${part}`,
  ...[`/projects/${part}`, `/projects/${part}.json`, `/projects/${part}/badge.svg`],
  ...[`/projects/${part}/feed.atom`, `/go/docs/${part}`, `/go/${part}/main`, `/runs/${part}`],
  ...[`/runs/${part}.json`, `/share/docs/2099-01-01/${part}`, `/share/${part}/2099-01-01/x`],
  ...['branch', 'env', 'status', 'page', 'watch', part].map((name) => `/projects/docs?${name}=${part}`),
  ...[`/find?q=${part}`, `/find?q=ab&page=${part}`, `/projects/docs/deployments/${part}`],
  ...[`/?${part}`, `/runs?page=${part}`, `/healthz?${part}`],
];

/** The longest text that the Keeper was asked with. */
function longestAsked(asked: readonly unknown[][]): number {
  const texts = asked.flatMap((one) => JSON.stringify(one).match(/"(?:[^"\\]|\\.)*"/g) ?? []);
  return Math.max(0, ...texts.map((text) => (JSON.parse(text) as string).length));
}

async function visit(path: string) {
  const { get, keeper } = statusPage();
  const response = await get(path);
  return { status: response.status, body: await response.text(), longest: longestAsked(keeper.asked) };
}

describe('a hundred thousand characters', () => {
  it.each(long.map((text) => [text.slice(0, 9), text]))('of %s', async (_, text) => {
    for (const path of routes(text)) {
      const { status, body, longest } = await visit(path);
      expect([path.slice(0, 40), status < 500, body.length < LONGEST_BODY]).toEqual([
        path.slice(0, 40),
        true,
        true,
      ]);
      expect(longest).toBeLessThanOrEqual(1_000);
    }
  });
});

it('any path and query is answered, without an error of ours', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 }).map((raw) => encodeURI(raw.toWellFormed()));
  await fc.assert(
    fc.asyncProperty(text, fc.nat(16), async (part, route) => {
      const path = routes(part)[route] ?? '/';
      const { get, logged } = statusPage();
      expect((await get(path)).status).toBeLessThan(500);
      expect(logged).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
