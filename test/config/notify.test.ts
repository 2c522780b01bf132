// NOTIFY_URL, NOTIFY and PUBLIC_URL: who is told, in which form, and that no address is ever shown.

import { describe, expect, test } from 'vitest';
import { type Env, lines, read } from './fixture.ts';

const SLACK_URL = 'https://hooks.slack.com/services/T0/B0/CANARY';
const withOne = (entry: object, more: Env = { SLACK_URL }) => ({ NOTIFY: [entry], ...more });

test('a destination is told of trouble and production, unless it says otherwise', () => {
  expect(read(withOne({ to: 'SLACK_URL' })).destinations).toEqual([
    {
      ...{ name: 'SLACK_URL', url: SLACK_URL, authorization: null, format: 'slack' },
      ...{ about: ['trouble', 'production'], projects: ['*'] },
    },
  ]);
  const other = { to: 'SLACK_URL', about: ['success'], projects: ['docs-*'], format: 'json' };
  expect(read({ ...withOne(other), NOTIFY_URL: 'https://example.com/x' }).destinations).toMatchObject([
    { name: 'NOTIFY_URL', format: 'json', about: ['trouble', 'production'] },
    { name: 'SLACK_URL', format: 'json', about: ['success'], projects: ['docs-*'] },
  ]);
});

test('what it names is no stranger among the settings', () => {
  expect(read(withOne({ to: 'SLACK_URL' })).warnings).toEqual([]);
  expect(read({ SLACK_URL }).warnings).toEqual(['SLACK_URL is no setting of ours: nothing reads it.']);
});

test.each([
  ['https://hooks.slack.com/services/x', 'slack'],
  ['https://hooks.slack-gov.com/services/x', 'slack'],
  ['https://discord.com/api/webhooks/1/x/slack', 'discord'],
  ['https://discord.com/api/webhooks/1/x', 'discord'],
  ['https://ptb.discordapp.com/api/v10/webhooks/1/x', 'discord'],
  ['https://contoso.webhook.office.com/webhookb2/x', 'teams'],
  ['https://prod-1.westus.logic.azure.com:443/workflows/x', 'teams'],
  ['https://a.b.environment.api.powerplatform.com/powerautomate/x', 'teams'],
  ['https://chat.googleapis.com/v1/spaces/A/messages?key=k', 'google-chat'],
  ['https://api.telegram.org/bot1:x/sendMessage?chat_id=1', 'telegram'],
  ['https://ntfy.sh/topic', 'ntfy'],
  ['https://example.com/?to=https://hooks.slack.com/services/a', 'json'],
  ['https://hooks.slack.com.example.com/services/a', 'json'],
])('%s is written to as %s', (url, format) => {
  expect(read({ NOTIFY_URL: url }).destinations[0]?.format).toBe(format);
});

test('user name and password in an address are sent as Basic, and stand in no address', () => {
  const [one] = read({ NOTIFY_URL: 'https://us%40er:p%C3%A4ss@example.com/x' }).destinations;
  expect(one?.url).toBe('https://example.com/x');
  const bytes = Uint8Array.from(atob(one?.authorization?.slice(6) ?? ''), (char) => char.charCodeAt(0));
  expect(new TextDecoder().decode(bytes)).toBe('us@er:päss');
});

describe('what is wrong', () => {
  test.each<[string, Env, string]>([
    [
      'a name that is not set',
      withOne({ to: 'SLACK_URL' }, {}),
      'NOTIFY[0].to: SLACK_URL is not set: npx wrangler secret put SLACK_URL',
    ],
    [
      'one of our own',
      withOne({ to: 'STATUS_PASSWORD' }),
      'NOTIFY[0].to: STATUS_PASSWORD is one of our own settings: name a secret of its own',
    ],
    [
      'an address in the place of a name',
      withOne({ to: SLACK_URL }),
      'NOTIFY[0].to: must be the name of a secret that holds the URL, such as "SLACK_URL"; got something else (not shown)',
    ],
    [
      'a key nearly known',
      withOne({ to: 'SLACK_URL', project: ['docs'] }),
      'NOTIFY[0].project: is not known here; did you mean projects?',
    ],
    [
      'a key unknown',
      withOne({ to: 'SLACK_URL', channel: 'x' }),
      'NOTIFY[0].channel: is not known here; known are to, about, projects, format',
    ],
    [
      'a topic unknown',
      withOne({ to: 'SLACK_URL', about: ['all'] }),
      'NOTIFY[0].about[0]: must be trouble, production, previews or success; got "all"',
    ],
    [
      'no https',
      withOne({ to: 'SLACK_URL' }, { SLACK_URL: 'http://example.com' }),
      'SLACK_URL: must be an https URL, exactly as the service gave it; got something else (not shown)',
    ],
    [
      'twice the same',
      { NOTIFY: [{ to: 'SLACK_URL' }, { to: 'SLACK_URL' }], SLACK_URL },
      'NOTIFY[1].to: SLACK_URL is named twice: one entry says all about it',
    ],
    [
      'a path in PUBLIC_URL',
      { PUBLIC_URL: 'https://example.com/x' },
      `PUBLIC_URL: must be the Worker's own address, https and without a path; got "https://example.com/x"`,
    ],
  ])('%s', (_name, env, line) => {
    expect(lines(env)).toEqual([line]);
  });

  test('more than ten', () => {
    const names = Array.from({ length: 11 }, (_, at) => `HOOK_${at}`);
    const env = {
      NOTIFY: names.map((to) => ({ to })),
      ...Object.fromEntries(names.map((name) => [name, SLACK_URL])),
    };
    expect(lines(env)[0]).toBe('NOTIFY: has more than 10 destinations');
  });

  test('a secret that is named is shown in no message', () => {
    // Short, and in small letters: nothing but its name says that it is one.
    const secret = 'https://e.test/canary';
    const named = withOne({ to: 'SLACK_URL' }, { SLACK_URL: secret });
    for (const env of [{ DRY_RUN: secret }, { MAX_DELETES_PER_RUN: `see ${secret}` }]) {
      const said = lines({ ...named, ...env }).join();
      expect(said).toContain('(not shown)');
      expect(said).not.toContain('canary');
    }
  });
});
