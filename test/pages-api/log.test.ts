// The end of a log: of what is a log the last hundred lines, of a longer one than 1 MB that it is, of anything else nothing.

import { describe, expect, it } from 'vitest';
import { fakeApi, ID, json, success, thrown } from './fake.ts';

const PATH = `GET /docs/deployments/${ID}/history/logs`;
const log = (data: unknown) => success({ total: 1, includes_container_logs: true, data });
const ask = (answer: Response) => fakeApi(() => answer).api.getLog('docs', ID);

describe('a log', () => {
  it('is one request, and gives the last hundred lines, cut', async () => {
    const data = Array.from({ length: 250 }, (_, at) => ({ ts: '2026-11-24T03:00:00Z', line: `line ${at}` }));
    const { api, sent } = fakeApi(() => log([...data, { line: 'x'.repeat(9_000) }]));
    const end = await api.getLog('docs', ID);
    expect(sent.map(({ line }) => line)).toEqual([PATH]);
    expect(end).toMatchObject({ kind: 'read' });
    if (end.kind !== 'read') return;
    expect([end.lines.length, end.lines[0], end.lines.at(-1)?.length]).toEqual([100, 'line 151', 2_000]);
  });

  it('a row that is none has an empty line', async () => {
    expect(await ask(log([{ line: 'a' }, null, { line: 7 }, 'text', { ts: 1 }]))).toEqual({
      kind: 'read',
      lines: ['a', '', '', '', ''],
    });
    expect(await ask(log([]))).toEqual({ kind: 'read', lines: [] });
  });

  it.each([null, {}, { data: null }, { data: { line: 'x' } }, 'text'])('%j is none', async (result) => {
    expect(await thrown(ask(success(result)))).toMatchObject({ kind: 'in-doubt', code: null });
  });

  it('of 1 MB is read, of more it is said', async () => {
    const bytes = async (of: number) => {
      const whole = (fill: string) => ({ result: { data: [{ line: 'end', fill }] }, success: true });
      const empty = JSON.stringify(whole('')).length;
      const body = JSON.stringify(whole('x'.repeat(of - empty)));
      expect(body.length).toBe(of);
      return await ask(new Response(body, { headers: { 'content-type': 'application/json' } }));
    };
    expect(await bytes(1_000_000)).toEqual({ kind: 'read', lines: ['end'] });
    expect(await bytes(1_000_001)).toEqual({ kind: 'too-long' });
  });

  it('a long error is no long log, and what the API refuses is refused', async () => {
    expect(await thrown(ask(json(502, { fill: 'x'.repeat(2_000_000) })))).toMatchObject({ kind: 'in-doubt' });
    expect(await thrown(ask(json(404, { success: false, errors: [{ code: 8_000_009 }] })))).toMatchObject({
      kind: 'gone',
    });
  });

  it('is asked for by an id alone', async () => {
    const { api, sent } = fakeApi(() => log([]));
    await expect(api.getLog('docs', '../../../projects')).rejects.toThrow('not a deployment id');
    expect(sent).toEqual([]);
  });
});
