// The bound on a body: 5 MB, however it is declared; what is longer, or never ends, is given up and not read on.

import { describe, expect, it } from 'vitest';
import { fakeApi, ID, thrown } from './fake.ts';

const MB = 1_000_000;
const START = '{"success":true,"result":[],"more":"';

/** A body of so many bytes of JSON; `null`: it never ends. */
function body(bytes: number | null) {
  const state = { sent: 0, canceled: false };
  const chunk = 'x'.repeat(100_000);
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const left = bytes === null ? chunk.length : bytes - state.sent - 2;
        const part = (state.sent === 0 ? START + chunk : chunk).slice(0, Math.max(0, left));
        const last = bytes !== null && left <= part.length;
        state.sent += part.length + (last ? 2 : 0);
        controller.enqueue(encoder.encode(last ? `${part}"}` : part));
        if (last) controller.close();
      },
      cancel() {
        state.canceled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

function listOf(bytes: number | null, headers: Record<string, string>) {
  const { stream, state } = body(bytes);
  const { api } = fakeApi(() => new Response(stream, { headers, encodeBody: 'manual' }));
  return { call: api.listProjects(null), state };
}

/** An answer whose body comes as those from the network do: as bytes of the runtime, in the parts that it gets. */
function fromNetwork(parts: readonly string[], status = 200, breaksOff = false): Response {
  return sending(parts, status, breaksOff).response;
}

/** The same, and whether all of it could be sent. */
function sending(parts: readonly string[], status = 200, breaksOff = false) {
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const send = async () => {
    for (const part of parts) await writer.write(encoder.encode(part));
    await (breaksOff ? writer.abort(new Error('connection lost')) : writer.close());
  };
  // Whoever gives the body up makes the rest of it fail to be sent.
  const sent = send().then(
    () => true,
    () => false,
  );
  return { response: new Response(readable, { status }), sent };
}

const length = (bytes: number) => ({ 'content-length': String(bytes) });

describe('a body', () => {
  it.each<[string, number, Record<string, string>]>([
    ['without a length', 1_000, {}],
    ['without a length, of exactly 5 MB', 5 * MB, {}],
    ['with its length', 1_000, length(1_000)],
    ['with its length, of exactly 5 MB', 5 * MB, length(5 * MB)],
    ['that is compressed', 1_000, { 'content-encoding': 'gzip', ...length(900) }],
  ])('%s is read', async (_, bytes, headers) => {
    expect((await listOf(bytes, headers).call).rows).toEqual([]);
  });

  it.each<[string, number | null, Record<string, string>]>([
    ['of one byte too many', 5 * MB + 1, {}],
    ['of 8 MB that says so', 8 * MB, length(8 * MB)],
    ['that never ends', null, {}],
    ['that never ends, of a length that is none', null, { 'content-length': 'long' }],
    [
      'that is short as sent, and without end once unpacked',
      null,
      { 'content-encoding': 'gzip', ...length(900) },
    ],
  ])('%s is in doubt, and given up', async (_, bytes, headers) => {
    const { call, state } = listOf(bytes, headers);
    const error = await thrown(call);
    expect(error).toMatchObject({ kind: 'in-doubt', status: 200 });
    expect(error.message).toContain('no answer');
    expect(state.sent).toBeLessThanOrEqual(5 * MB + 300_000);
    if (bytes === null) expect(state.canceled).toBe(true);
  });

  it.each([0, 1, 4_095, 4_096, 4_097, 131_072, 262_144, 300_000])(
    'from the network is read whole, of whatever size: %i bytes more',
    async (more) => {
      const text = JSON.stringify({ success: true, result: [], more: 'x'.repeat(more), last: '€' });
      const { api } = fakeApi(() => fromNetwork([text.slice(0, 7), text.slice(7)]));
      expect((await api.listProjects(null)).rows).toEqual([]);
      const answer = JSON.stringify({
        success: false,
        errors: [{ code: 7, message: '€' }],
        more: 'x'.repeat(more),
      });
      const refused = await thrown(
        fakeApi(() => fromNetwork([answer], 400)).api.deleteDeployment('docs', ID),
      );
      expect(refused).toMatchObject({ kind: 'rejected', code: 7 });
      expect(refused.message).toContain('HTTP 400, €');
    },
  );

  it.each([4_096, 65_536, 131_072])('from the network of exactly %i bytes is read whole', async (bytes) => {
    const short = JSON.stringify({ success: true, result: [], more: '' });
    const { api } = fakeApi(() =>
      fromNetwork([short.replace('""', `"${'x'.repeat(bytes - short.length)}"`)]),
    );
    expect((await api.listProjects(null)).rows).toEqual([]);
    await expect(api.deleteDeployment('docs', ID)).resolves.toBeUndefined();
  });

  it.each([0, 1, 2, 3])('is read where a part ends within a character: %i bytes of it', async (within) => {
    const before = '{"success":false,"more":"';
    const after = '","errors":[{"code":7,"message":"';
    const pad = 'x'.repeat(4_096 - within - before.length - after.length);
    const answer = `${before}${pad}${after}€"}]}`;
    const { api } = fakeApi(() => fromNetwork([answer], 400));
    expect((await thrown(api.deleteDeployment('docs', ID))).message).toContain('HTTP 400, €');
  });

  it('from the network that is too long is not read on', async () => {
    const { response, sent } = sending(Array<string>(80).fill('x'.repeat(100_000)));
    await thrown(fakeApi(() => response).api.listProjects(null));
    expect(await sent).toBe(false);
  });

  it('from the network that is too long is given up', async () => {
    const { api } = fakeApi(() => fromNetwork(Array<string>(80).fill('x'.repeat(100_000))));
    expect((await thrown(api.listProjects(null))).message).toContain('no answer');
    expect((await thrown(api.deleteDeployment('docs', ID))).message).toContain('no answer');
  });

  it('from the network that breaks off is in doubt, even where it could pass for whole', async () => {
    const whole = JSON.stringify({ success: true, result: null });
    const { api } = fakeApi(() => fromNetwork([whole], 200, true));
    expect(await thrown(api.deleteDeployment('docs', ID))).toMatchObject({ kind: 'in-doubt', status: 200 });
  });

  it('that breaks off is in doubt', async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.error(new Error('connection lost'));
      },
    });
    const { api } = fakeApi(() => new Response(stream, { status: 500 }));
    expect(await thrown(api.deleteDeployment('docs', ID))).toMatchObject({ kind: 'in-doubt', status: 500 });
  });

  it('of characters cut in two is put together again', async () => {
    const bytes = new TextEncoder().encode(
      '{"success":true,"result":{"id":"12345678","name":"docs","subdomain":"dö€😀"}}',
    );
    const stream = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const { api } = fakeApi(() => new Response(stream));
    expect((await api.getProject('docs')).subdomain).toBe('dö€😀');
  });
});
