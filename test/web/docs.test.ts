// The examples of docs/for-programs.md are what is really answered.

import { describe, expect, it } from 'vitest';
import text from '../../docs/for-programs.md?raw';
import { messageFor } from '../../src/policy/messages.ts';
import { PROBLEM, statusPage } from './fixtures.ts';

const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1] ?? ''));

describe('docs/for-programs.md', () => {
  it('shows a deployment as it is', async () => {
    const { deployments } = await statusPage().json('/projects/docs.json');
    expect((deployments as unknown[])[0]).toEqual(examples[0]);
  });

  it('shows a page as it is', async () => {
    expect((await statusPage().json('/projects/docs.json')).page).toEqual(examples[1]);
  });

  it('shows health as it is', async () => {
    expect(await statusPage().json('/healthz')).toEqual(examples[2]);
  });

  it('shows what a hook answers as it is', async () => {
    const key = 'a-key-of-hooks-that-is-long-enough-for-it';
    const request = { method: 'POST', headers: { authorization: `Bearer ${key}` } };
    expect(await statusPage({}, { hookKey: key }).json('/hooks/docs', request)).toEqual(examples[3]);
  });

  it('shows a notice as it is', () => {
    const { notices, at } = examples[4];
    const { body } = messageFor({ format: 'json', url: 'https://example.com/' }, notices, Date.parse(at));
    expect(JSON.parse(body)).toEqual(examples[4]);
  });

  it('names every error word', async () => {
    const words = await Promise.all([
      statusPage({}, { door: { mode: 'closed' } }).json('/status.json'),
      statusPage({}, { door: { mode: 'password', password: 'x'.repeat(8) } }).json('/status.json'),
      statusPage({}, { problems: [PROBLEM] }).json('/status.json'),
      statusPage({ overview: { checkedAt: null } }).json('/status.json'),
      statusPage({ run: null }).json('/runs/x.json'),
    ]);
    for (const { error } of words) expect(text).toContain(`\`${error}\``);
  });
});
