// A newer version is told at the foot of a page, to those who have shown who they are, and to nobody else.

import { expect, test } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { statusPage, WELL } from './fixtures.ts';

const PASSWORD = 'correct horse';
const headers = { Authorization: `Basic ${btoa(`x:${PASSWORD}`)}` };
const door = { mode: 'password', password: PASSWORD } as const;

async function texts(newest: string | null, deps: Parameters<typeof statusPage>[1]) {
  const health = { ...WELL, newest };
  const page = statusPage({ overview: { health }, runs: { health }, health }, deps);
  return Promise.all(['/', '/runs', '/status.json', '/healthz'].map((path) => page.text(path, { headers })));
}

test('who gave the password reads it on a page', async () => {
  const [overview, runs, json, healthz] = await texts('9.9.9', { door });
  expect(overview).toContain(`Pages Keeper ${VERSION}; version 9.9.9 is there`);
  expect(runs).toContain('version 9.9.9 is there');
  expect(`${json}${healthz}`).not.toContain('9.9.9');
});

test('an open page does not say it, and an older or equal version is none', async () => {
  expect((await texts('9.9.9', { door: { mode: 'public' } })).join('')).not.toContain('9.9.9');
  for (const newest of [VERSION, '0.0.1', null])
    expect((await texts(newest, { door })).join('')).not.toContain('is there');
});
