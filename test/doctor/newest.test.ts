// The doctor tells a newer version of whom UPDATE_URL names, and asks nobody where it is not set.

import { expect, test } from 'vitest';
import { aboutNewest } from '../../doctor/newest.ts';
import { VERSION } from '../../src/version.ts';

const URL = 'https://updates.example.test/latest';

test.each<[string, () => Promise<Response>, string | null]>([
  [
    'a newer one',
    async () => Response.json({ version: '99.0.0' }),
    `Version 99.0.0 is there; this is ${VERSION}.`,
  ],
  ['this one', async () => new Response(VERSION), null],
  ['an error', async () => new Response('99.0.0', { status: 404 }), 'UPDATE_URL names no version.'],
  ['no answer', () => Promise.reject(new Error(URL)), 'UPDATE_URL gave no answer.'],
])('%s', async (_, answer, said) => {
  const asked: [string, RequestInit][] = [];
  const fetch = (url: string, init: RequestInit) => {
    asked.push([url, init]);
    return answer();
  };
  expect(await aboutNewest(fetch, URL)).toBe(said);
  expect(asked.map(([url, { headers, method = 'GET' }]) => [url, method, headers])).toEqual([
    [URL, 'GET', undefined],
  ]);
  expect(await aboutNewest(fetch, null)).toBeNull();
  expect(asked.length).toBe(1);
});
