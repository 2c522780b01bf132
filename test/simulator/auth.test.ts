// Who is let in, and the codes with which the others are refused; and what is answered where there is no route.
import { describe, expect, test } from 'vitest';
import { still } from './asking.ts';

describe('authentication', () => {
  const bearer = (value: string) => ({ authorization: value });

  test.each([
    ['no credentials', {}, 400, 9106],
    ['a header that is no Bearer token', bearer('Bearer two words'), 400, 6003],
    ['an unknown token', bearer('Bearer wrong'), 403, 9109],
    ['an unknown key', { 'x-auth-email': 'test@example.com', 'x-auth-key': 'wrong' }, 403, 9103],
    ['a key of somebody else', { 'x-auth-email': 'other@example.com', 'x-auth-key': 'test-key' }, 403, 9103],
    ['a token in the place of a key', { 'x-auth-email': 'a@b.c', 'x-auth-key': 'test-token' }, 400, 6003],
  ])('refuses %s', async (_, headers, status, code) => {
    const { ask } = still();
    const answer = await ask('GET ', null, { headers });
    expect([answer.status, answer.code, answer.success]).toEqual([status, code, false]);
  });

  test('takes the token, or the e-mail address with its key', async () => {
    const { ask } = still();
    expect((await ask('GET ')).status).toBe(200);
    const headers = { 'x-auth-email': 'test@example.com', 'x-auth-key': 'test-key' };
    expect((await ask('GET ', null, { headers })).status).toBe(200);
  });

  test('lets a token that may only read do just that', async () => {
    const { ask, account, time } = still();
    const project = account.addProject({ name: 'docs' });
    const old = project.add({ createdAt: time.now - 120_000 });
    project.add({ createdAt: time.now - 60_000 });
    const init = { headers: bearer('Bearer read-token') };
    expect((await ask('GET /docs', null, init)).status).toBe(200);
    const refused = await ask(`DELETE /docs/deployments/${old.id}`, null, init);
    expect([refused.status, refused.code]).toEqual([403, 10_000]);
    expect(project.get(old.id)).toBe(old);
  });

  test('comes before everything else: a bad query of a stranger is a stranger', async () => {
    const { ask } = still();
    const answer = await ask('GET /docs/deployments?per_page=100', null, { headers: bearer('Bearer wrong') });
    expect(answer.code).toBe(9109);
  });

  test('refuses another account without result or messages', async () => {
    const { ask } = still();
    const { status, text } = await ask('GET //accounts/other/pages/projects');
    expect(status).toBe(403);
    expect(JSON.parse(text)).toEqual({
      success: false,
      errors: [{ code: 10_000, message: 'Authentication error' }],
    });
  });
});

describe('where there is no route', () => {
  test('an unknown path is a 404 with 7003, a wrong method a 405', async () => {
    const { ask } = still();
    expect(await ask('GET //accounts/account/nothing')).toMatchObject({ status: 404, code: 7003 });
    expect(await ask('PUT /docs')).toMatchObject({ status: 405, success: false });
  });

  test('any prefix before /client/v4 will do', async () => {
    const { simulator } = still();
    const request = new Request('http://localhost:1/some/prefix/client/v4/accounts/account/pages/projects', {
      headers: { authorization: 'Bearer test-token' },
    });
    expect((await simulator.fetch(request)).status).toBe(200);
  });
});
