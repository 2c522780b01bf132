// Each form of a message: taken by its own service and by no other, whatever the names in it are.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORMATS, type Format } from '../../src/policy/destinations.ts';
import { isRefusal, messageFor } from '../../src/policy/messages.ts';
import type { Notice } from '../../src/policy/notices.ts';
import { RECEIVERS } from './receivers.ts';

const URLS: Readonly<Record<Format, string>> = {
  slack: 'https://hooks.slack.com/services/T0/B0/x',
  discord: 'https://discord.com/api/webhooks/1/x',
  teams: 'https://contoso.webhook.office.com/x',
  'google-chat': 'https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t',
  telegram: 'https://api.telegram.org/bot1:x/sendMessage?chat_id=-100&message_thread_id=4',
  ntfy: 'https://ntfy.sh/topic',
  json: 'https://example.com/hook',
};
const LINK = 'https://keeper.example.com/projects/docs';

const notice = (text: string, link: string | null = null): Notice => ({
  ...{ kind: 'trouble', about: text, text, link },
});
const send = (format: Format, notices: readonly Notice[]) =>
  messageFor({ format, url: URLS[format] }, notices, 0);
const read = (format: Format, sent: ReturnType<typeof send>): string => {
  const reception = RECEIVERS[format](sent);
  if ('refused' in reception) throw new Error(`${format}: ${reception.refused}`);
  return reception.text.replaceAll('\u200b', '');
};

describe.each(FORMATS)('%s', (format) => {
  const others = FORMATS.filter((other) => other !== format);

  test.each(others)('is refused by the receiver of %s', (other) => {
    expect(RECEIVERS[other](send(format, [notice('docs: production is behind.', LINK)]))).toHaveProperty(
      'refused',
    );
  });

  test('says what happened, in the order in which it was given, with a link', () => {
    const text = read(
      format,
      send(format, [notice('docs: production is behind.', LINK), notice('Second & last.')]),
    );
    expect(text).toContain('Pages Keeper: docs: production is behind.');
    expect(text.indexOf('Second & last.')).toBeGreaterThan(text.indexOf('docs'));
    if (format !== 'json') expect(text).toContain(LINK);
    else expect(send(format, [notice('a', LINK)]).body).toContain(LINK);
  });

  test('names from outside neither format, nor link, nor call anybody', () => {
    const names = [
      '<!channel>',
      '<users/all>',
      '@everyone',
      '<@1>',
      '**bold**',
      '[x](https://evil.example)',
      '&lt;',
      '/stop',
      '#tag',
      '$USD',
      '+4930123456',
      'a@b.example',
    ];
    const sent = send(format, [notice(`docs: the build of ${names.join(' ')} failed.`)]);
    expect(read(format, sent)).toContain(names.join(' '));
    if (format === 'json') return;
    expect(sent.body).not.toMatch(/https:\/\/evil|evil\.example|@(everyone|1)/);
    expect(JSON.stringify(sent.headers)).not.toContain('docs');
  });

  test('sixty at once: what does not fit is said, and left to be told', () => {
    const all = Array.from({ length: 60 }, (_, at) => notice(`project-${at}: ${'x'.repeat(180)}.`, LINK));
    const seen: string[] = [];
    for (let rest = all; rest.length > 0; ) {
      const sent = send(format, rest);
      expect(sent.told).toBeGreaterThan(0);
      seen.push(read(format, sent));
      rest = rest.slice(sent.told);
      if (rest.length > 0 && format !== 'json')
        expect(seen.at(-1)).toContain(`and ${rest.length} more, told next`);
    }
    for (const { text } of all) expect(seen.join('\n')).toContain(text);
  });

  test('any text is taken, and cut between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 900 }), (text) => {
        const sent = send(format, [notice(text, LINK), notice('😀'.repeat(700), LINK)]);
        expect(read(format, sent).isWellFormed()).toBe(true);
      }),
    );
  });
});

test('a chat of Telegram is named in the body alone', () => {
  const { url, body } = send('telegram', [notice('x')]);
  expect(url).toBe('https://api.telegram.org/bot1:x/sendMessage');
  expect(JSON.parse(body)).toMatchObject({ chat_id: '-100', message_thread_id: '4' });
});

test('a webhook of Discord is read in its own form, and asked whether it kept the message', () => {
  const to = (url: string) => messageFor({ format: 'discord', url }, [notice('x')], 0).url;
  expect(to('https://discord.com/api/webhooks/1/x?thread_id=5')).toBe(
    'https://discord.com/api/webhooks/1/x?thread_id=5&wait=true',
  );
  // A token that begins so is a token.
  expect(to('https://discord.com/api/webhooks/1/slack-x')).toBe(
    'https://discord.com/api/webhooks/1/slack-x?wait=true',
  );
  expect(to('https://discord.com/api/webhooks/1/x/slack')).toBe(
    'https://discord.com/api/webhooks/1/x?wait=true',
  );
});

test('a connector of Teams that answers 200 and could not post has refused', () => {
  const said = 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429';
  expect([isRefusal('teams', said), isRefusal('teams', '1'), isRefusal('slack', said)]).toEqual([
    true,
    false,
    false,
  ]);
});
