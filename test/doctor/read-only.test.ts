// The guard: whatever asks for more than reading, nothing but GET leaves.

import { expect, test } from 'vitest';
import { readOnly, WriteRefused } from '../../doctor/read-only.ts';
import { createPagesApi } from '../../src/pages-api/client.ts';
import { BASE, ID, success, TOKEN } from '../pages-api/fake.ts';

function guarded() {
  const sent: RequestInit[] = [];
  const fetch = readOnly((_url, init) => {
    sent.push(init);
    return Promise.resolve(success([]));
  });
  return { fetch, sent };
}

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'get', ''])(
  '%j is not sent',
  async (method) => {
    const { fetch, sent } = guarded();
    await expect(fetch(BASE, { method })).rejects.toThrow(WriteRefused);
    expect(sent).toEqual([]);
  },
);

test('a GET with a body is not sent', async () => {
  const { fetch, sent } = guarded();
  await expect(fetch(BASE, { method: 'GET', body: 'x' })).rejects.toThrow(WriteRefused);
  expect(sent).toEqual([]);
});

test('a GET is sent, and carries the credentials to no other host', async () => {
  const { fetch, sent } = guarded();
  const response = await fetch(BASE, { method: 'GET', headers: { authorization: 'x' }, redirect: 'follow' });
  expect(sent).toEqual([{ method: 'GET', headers: { authorization: 'x' }, redirect: 'manual' }]);
  expect(await response.json()).toMatchObject({ success: true, result: [] });
});

test("the Worker's own client can read through it, and neither build nor delete", async () => {
  const { fetch, sent } = guarded();
  const api = createPagesApi({
    fetch,
    baseUrl: BASE,
    accountId: 'account-1',
    credentials: TOKEN,
    now: () => 0,
  });
  await expect(api.createDeployment('docs', 'main')).rejects.toThrow();
  await expect(api.deleteDeployment('docs', ID)).rejects.toThrow();
  await expect(api.deleteDeployment('docs', ID, { force: true })).rejects.toThrow();
  expect(sent).toEqual([]);
  expect((await api.listDeployments('docs', { page: 1, perPage: 25 })).rows).toEqual([]);
  expect(sent).toHaveLength(1);
});
