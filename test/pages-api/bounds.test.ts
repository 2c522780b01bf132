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
