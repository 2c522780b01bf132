// The routes: what is answered where, with which headers. Content is in the other files of this folder.

import { describe, expect, it } from 'vitest';
import { statusPage } from './fixtures.ts';

const ROUTES = [
  ['/', 'text/html'],
  ['/status.json', 'application/json'],
  ['/projects/docs', 'text/html'],
  ['/projects/docs.json', 'application/json'],
  ['/projects/docs/badge.svg', 'image/svg+xml'],
  ['/projects/docs/feed.atom', 'application/atom+xml'],
  ['/runs', 'text/html'],
  ['/runs.json', 'application/json'],
  ['/runs/2026-11-24T13-00', 'text/html'],
  ['/runs/2026-11-24T13-00.json', 'application/json'],
  ['/feed.atom', 'application/atom+xml'],
  ['/healthz', 'application/json'],
  ['/robots.txt', 'text/plain'],
] as const;

describe('routes', () => {
  it.each(ROUTES)('%s answers 200 as %s', async (path, type) => {
    const { get, logged } = statusPage();
    const response = await get(path);
    expect([response.status, logged]).toEqual([200, []]);
    expect(response.headers.get('Content-Type')).toContain(type);
    expect((await response.text()).length).toBeGreaterThan(20);
  });
});
