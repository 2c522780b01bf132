// Faults on demand: what the client gets, and whether the call had its effect all the same.
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import { type DeploymentJson, still } from './asking.ts';

function world() {
  const base = still();
  const project = base.account.addProject({ name: 'docs' });
  const old = project.add({ createdAt: base.time.now - 120_000 });
  project.add({ createdAt: base.time.now - 60_000 });
  const next = (fault: Fault) => {
    base.simulator.fault = () => fault;
  };
  return { ...base, project, old, next, line: `DELETE /docs/deployments/${old.id}` };
}

describe('a fault that answers', () => {
  test.each([
    [{ kind: 'status', status: 503 }, 503, '"code":8000000'],
    [{ kind: 'status', status: 400, code: 8_000_999, message: 'Odd' }, 400, '"code":8000999,"message":"Odd"'],
    [{ kind: 'status', status: 502, body: 'html' }, 502, '<!DOCTYPE html>'],
    [{ kind: 'status', status: 500, body: 'empty' }, 500, ''],
    [{ kind: 'success-false' }, 200, '"success":false'],
  ] as const)('%j has no effect', async (fault, status, text) => {
    const { ask, line, next, old, project, simulator } = world();
    next(fault);
    const answer = await ask(line);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
    expect(project.get(old.id)).toBe(old);
    expect(simulator.calls[0]).toMatchObject({ status, effect: false, fault: fault.kind });
  });

  test('redirects without following', async () => {
    const { simulator, next } = world();
    next({ kind: 'redirect', location: 'https://elsewhere.test/' });
    const headers = { authorization: 'Bearer test-token' };
    const response = await simulator.fetch(new Request('https://api.test/client/v4/x', { headers }));
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://elsewhere.test/']);
  });

  test('blocks: 429, and so are the calls after it', async () => {
    const { ask, line, next, simulator, project, old } = world();
    next({ kind: 'block' });
    expect(await ask(line)).toMatchObject({ status: 429 });
    simulator.fault = null;
    const after = await ask(line);
    expect([after.status, after.headers.get('retry-after')]).toEqual([429, '300']);
    expect(project.get(old.id)).toBe(old);
  });

  test('cuts the JSON off after the effect', async () => {
    const { simulator, next, project, old } = world();
    next({ kind: 'truncated' });
    const headers = { authorization: 'Bearer test-token' };
    const url = `https://api.test/client/v4/accounts/account/pages/projects/docs/deployments/${old.id}`;
    const response = await simulator.fetch(new Request(url, { method: 'DELETE', headers }));
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow();
    expect(project.get(old.id)).toBeNull();
  });

  test('sends more than a client should read', async () => {
    const { ask, next } = world();
    next({ kind: 'huge' });
    expect((await ask('GET /docs')).text.length).toBeGreaterThan(5_000_000);
  });

  test('lies about the total, and about nothing else', async () => {
    const { ask, next } = world();
    next({ kind: 'total-count', by: 3 });
    const { result, info } = await ask<DeploymentJson[]>('GET /docs/deployments');
    expect(result).toHaveLength(2);
    expect(info).toMatchObject({ total_count: 5, count: 2 });
  });
});

test('an answer can be altered at will, and only that answer', async () => {
  const { ask, next, simulator } = world();
  next({ kind: 'alter', change: (body) => ({ ...body, result: [{}], result_info: null }) });
  expect(await ask('GET /docs/deployments')).toMatchObject({ status: 200, result: [{}], info: null });
  simulator.fault = null;
  expect((await ask('GET /docs/deployments')).info?.total_count).toBe(2);
});

describe('a fault that does not answer', () => {
  test.each([
    ['drop-before', false],
    ['drop-after', true],
  ] as const)('%s rejects as a lost connection does; effect: %s', async (kind, effect) => {
    const { ask, line, next, old, project, simulator } = world();
    next({ kind });
    await expect(ask(line)).rejects.toThrow('connection lost');
    expect(project.get(old.id)).toBe(effect ? null : old);
    expect(simulator.calls[0]).toMatchObject({ status: 0, effect, fault: kind });
  });

  test.each([false, true])('a time-out lasts until the caller gives up; effect: %s', async (effect) => {
    const { ask, line, next, old, project } = world();
    next({ kind: 'timeout', effect });
    const controller = new AbortController();
    const headers = { authorization: 'Bearer test-token' };
    const asked = ask(line, null, { headers, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('given up')), 20);
    await expect(asked).rejects.toThrow('given up');
    expect(project.get(old.id)).toBe(effect ? null : old);
  });
});

test('a fault is chosen call by call, by what the call is and by its place', async () => {
  const { ask, line, simulator, old } = world();
  const seen: unknown[] = [];
  simulator.fault = (call) => {
    seen.push([call.index, call.method, call.project, call.deploymentId, call.query]);
    return call.method === 'DELETE' ? { kind: 'status', status: 500 } : null;
  };
  expect((await ask('GET /docs/deployments?page=1')).status).toBe(200);
  expect((await ask(`${line}?force=true`)).status).toBe(500);
  expect(seen).toEqual([
    [0, 'GET', 'docs', null, { page: '1' }],
    [1, 'DELETE', 'docs', old.id, { force: 'true' }],
  ]);
});

test('answers take as long as the latency says', async () => {
  const waits: number[] = [];
  const { ask } = still({
    latency: ({ method }) => (method === 'GET' ? 70 : 750),
    sleep: async (ms) => void waits.push(ms),
  });
  await ask('GET ');
  await ask('DELETE /nothing');
  expect(waits).toEqual([70, 750]);
});
