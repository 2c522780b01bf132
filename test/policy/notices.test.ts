// Notices: once per change of state, in words that each webhook understands.

import { describe, expect, test } from 'vitest';
import { changesSince, type Situation, troublesOf, webhookBody } from '../../src/policy/notices.ts';

const CALM: Situation = { refused: null, failedRun: null, failedBuilds: {}, behind: {} };

describe('troublesOf', () => {
  test.each<[string, Partial<Situation>, Record<string, string>]>([
    ['nothing is wrong', {}, {}],
    ['the token is refused', { refused: 'Set a token.' }, { token: 'Set a token.' }],
    [
      'the token is refused after a run that failed for another reason',
      { refused: 'Set a token.', failedRun: 'Why.' },
      { token: 'Set a token.', run: 'The last run failed. Why.' },
    ],
    ['a build failed of a project that is not watched any more', { failedBuilds: { docs: 'main' } }, {}],
    ['a run failed', { failedRun: 'Why.' }, { run: 'The last run failed. Why.' }],
    [
      'a scheduled build failed',
      { failedBuilds: { docs: 'main' }, behind: { docs: 0 } },
      { 'build docs': 'docs: the scheduled build of main failed.' },
    ],
    [
      'one production build failed',
      { behind: { docs: 1 } },
      { 'production docs': 'docs: production is behind, the last production build failed.' },
    ],
    [
      'production is behind',
      { behind: { docs: 2, blog: 0 } },
      { 'production docs': 'docs: production is behind, the last 2 production builds failed.' },
    ],
  ])('%s', (_name, change, expected) => {
    expect(troublesOf({ ...CALM, ...change })).toEqual(expected);
  });
});

describe('changesSince', () => {
  test('new trouble is told once, and again only after it was over', () => {
    const trouble = { run: 'The last run failed.' };
    expect(changesSince({}, trouble, CALM).map(({ kind }) => kind)).toEqual(['trouble']);
    expect(changesSince(trouble, { run: 'The last run failed. Otherwise.' }, CALM)).toEqual([]);
    expect(changesSince(trouble, {}, CALM)).toEqual([
      { kind: 'recovered', about: 'run', text: 'Recovered: runs succeed again.' },
    ]);
  });
});

describe('what has recovered', () => {
  test.each([
    ['token', 'the API accepts the credentials again'],
    ['run', 'runs succeed again'],
    ['build docs', 'docs: the scheduled build succeeded'],
    ['production docs', 'docs: production is up to date'],
  ])('%s', (about, words) => {
    expect(changesSince({ [about]: 'was wrong' }, {}, { behind: { docs: 0 } })).toEqual([
      { kind: 'recovered', about, text: `Recovered: ${words}.` },
    ]);
  });
});

test.each(['build docs', 'production docs'])(
  '%s: a project that is not watched any more has not recovered',
  (about) => {
    expect(changesSince({ [about]: 'was wrong' }, {}, { behind: { blog: 0 } })).toEqual([]);
  },
);

describe('webhookBody', () => {
  const notices = [{ kind: 'trouble' as const, about: 'build x', text: 'x: <!channel> & @everyone' }];

  test('Slack gets its text, with its own characters escaped', () => {
    expect(webhookBody('https://hooks.slack.com/services/a', notices, 0)).toEqual({
      text: 'Pages Keeper: x: &lt;!channel&gt; &amp; @everyone',
    });
  });

  test('Discord gets its content, and mentions nobody', () => {
    expect(webhookBody('https://discord.com/api/webhooks/a', notices, 0)).toMatchObject({
      allowed_mentions: { parse: [] },
    });
  });

  test('Discord gets no more than it takes', () => {
    const long = [{ kind: 'trouble' as const, about: 'run', text: 'x'.repeat(5_000) }];
    const { content } = webhookBody('https://discord.com/api/webhooks/a', long, 0) as { content: string };
    expect(content).toHaveLength(1_900);
  });

  test('several notices are lines of one', () => {
    const two = ['one', 'two'].map((text) => ({ kind: 'trouble' as const, about: text, text }));
    expect(webhookBody('https://hooks.slack.com/services/a', two, 0)).toEqual({
      text: 'Pages Keeper: one\nPages Keeper: two',
    });
  });

  test.each([
    'https://example.com/?to=https://hooks.slack.com/services/a',
    'https://example.com/?to=https://discord.com/api/webhooks/a',
  ])('%s is neither', (url) => {
    expect(webhookBody(url, notices, 0)).toMatchObject({ source: 'pages-keeper' });
  });

  test('any other gets everything', () => {
    expect(webhookBody('https://example.com/hook', notices, 0)).toMatchObject({
      source: 'pages-keeper',
      at: '1970-01-01T00:00:00.000Z',
      notices,
    });
  });
});
