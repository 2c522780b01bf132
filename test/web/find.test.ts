// Looking for something, and one deployment's page: what they say, and where they lead.

import { describe, expect, it } from 'vitest';
import { DAY, deletion, judged, NOW, statusPage, summary } from './fixtures.ts';

const plain = (html: string) =>
  (html.split('<main')[1] ?? '')
    .replaceAll(/<\/?bdi>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');
const read = async (path: string, ...of: Parameters<typeof statusPage>) =>
  plain(await statusPage(...of).text(path));

const ID = '1a2b3c4d-0000-4000-8000-000000000001';
const PATH = `/projects/docs/deployments/${ID}`;
const gone = { run: '2026-11-24T13-00', deletion: deletion({ id: ID }) };

describe('/find', () => {
  it.each(['/', '/projects/docs', '/runs', '/runs/x', PATH, '/find?q=x', '/nowhere'])(
    'can be asked from %s',
    async (path) => {
      expect(await statusPage().text(path)).toContain('<form action="/find" role="search">');
    },
  );

  it('is not offered to those who are outside', async () => {
    expect(await statusPage({}, { door: { mode: 'closed' } }).text('/')).not.toContain('<form');
  });

  it('asks in small letters, without what stands around it, and only for what can be looked for', async () => {
    const { text, keeper } = statusPage();
    await text('/find?q=%20Feat%2FX%20&page=3');
    for (const q of ['', 'a', '%20a%20', 'x'.repeat(101)]) await text(`/find?q=${q}`);
    expect(keeper.asked.filter(([what]) => what === 'find')).toEqual([['find', 'feat/x', 3]]);
    expect(await read('/find?q=a')).toContain('Look for two characters or more');
  });

  it('shows each kind, with the way on', async () => {
    const deployments = [{ project: summary().project, judged: judged({ branch: 'feat/docs' }) }];
    const page = statusPage({ found: { deployments, looked: 10_000, more: true } });
    const html = await page.text('/find?q=0123456');
    for (const href of [
      '/projects/docs"',
      '/projects/docs?branch=feat%2Fdocs"',
      '/go/docs/feat/docs"',
      `${PATH}"`,
      '/projects/docs/deployments/badc0de5-7777-4888-8999-aaaabbbbcccc"',
      '/find?q=0123456&amp;page=2"',
    ])
      expect(html).toContain(`href="${href}`);
    const text = plain(html);
    expect(text).toContain('feat/new-nav docs 13:01 expired fedcba9 badc0de5');
    expect(text).toContain('Commits and ids were looked for in 10,000 newest deployments. Look further');
  });

  it('says how many there are of each kind, and how many of them do not stand there', async () => {
    const left = { projects: 1_200, branches: 3, gone: 9 };
    const text = await read('/find?q=docs', { found: { left } });
    for (const words of [
      '1,201 projects and 1,200 more: look for more of the name.',
      '4 branches and 3 more: look for more of the name.',
      '10 deleted deployments Newest first.',
    ])
      expect(text).toContain(words);
    const all = await read('/find?q=docs', { found: { left: { projects: 0, branches: 0, gone: 0 } } });
    expect(all).toContain('1 project ');
    expect(all).not.toMatch(/and [\d,]+ more/);
  });

  it('says what it looked for where it found nothing', async () => {
    const nothing = { projects: [], branches: [], gone: [] };
    expect(await read('/find?q=zz', { found: nothing })).toContain(
      'Nothing found for “zz” Looked for: projects and branches by a part of the name',
    );
  });
});

describe('one deployment', () => {
  it('says how it came out, how long it stays and by which rule', async () => {
    const text = await read(PATH);
    for (const words of [
      'State Ready built in 1 min 47 s',
      'Created 12:17 UTC 13:17 in Berlin 1 h ago by push',
      'How long it stays Kept: live in production',
      'By RULES[0] ( docs-* ), prune[0] : what is older than 30 days goes, except the newest 5 successes of each branch.',
      'Open this build',
      'See it at Cloudflare',
    ])
      expect(text).toContain(words);
  });

  it('names when it goes, in both times', async () => {
    const expiresAt = Date.UTC(2026, 11, 26, 1, 13);
    const young = judged({ environment: 'preview' }, { reason: 'young', expiresAt });
    expect(await read(PATH, { deployment: { deployment: young } })).toContain(
      'Will be deleted after 26 Dec, 01:13 UTC 02:13 in Berlin',
    );
    const goes = judged({}, { action: 'delete', reason: 'expired', expiresAt: NOW - DAY });
    const text = await read(PATH, { deployment: { deployment: goes } });
    expect(text).toContain('Will be deleted at 14:00 UTC');
    expect(text).toContain('It has expired, and is none of these.');
    const dry = { deployment: goes, summary: summary({ dryRun: true }) };
    expect(await read(PATH, { deployment: dry })).toContain('Would be deleted at 14:00 UTC');
  });

  it('one that failed leads to its log, and to nothing that never was', async () => {
    const failed = judged({ stage: 'build', stageStatus: 'failure', url: 'https://1.docs-7xk.pages.dev' });
    const html = await statusPage({ deployment: { deployment: failed } }).text(PATH);
    expect(html).toContain(`href="https://dash.cloudflare.com/?to=/:account/pages/view/docs/${ID}"`);
    expect(html).toContain('Build log at Cloudflare');
    expect(html).not.toContain('href="https://1.docs-7xk');
  });

  it('a deleted one answers 410, with when, by which run and why', async () => {
    const page = statusPage({ deployment: { deployment: null, gone } });
    const response = await page.get(PATH);
    expect(response.status).toBe(410);
    const html = await response.text();
    expect(plain(html)).toContain(
      'It was deleted 13:01 UTC (14:01 in Berlin), 16 min ago, by this run . Why: expired.',
    );
    expect(html).toContain('href="/runs/2026-11-24T13-00"');
    expect(await page.json(`${PATH}.json`)).toEqual({ error: 'deleted' });
  });

  it('JSON is a deployment as elsewhere', async () => {
    const page = statusPage();
    const { deployments } = await page.json('/projects/docs.json');
    const [first] = deployments as object[];
    expect(await page.json(`${PATH}.json`)).toMatchObject(first as object);
  });

  it('the rows of the project lead to it, those of a guest do not', async () => {
    expect(await statusPage().text('/projects/docs')).toContain(`href="${PATH}"`);
  });
});
