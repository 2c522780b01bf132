// The examples of docs/for-programs.md are what is really answered.

import { describe, expect, it } from 'vitest';
import text from '../../docs/for-programs.md?raw';
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
