// Messages to the letter: what each service is sent, where a text is cut, and how many notices one message holds.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Format } from '../../src/policy/destinations.ts';
import { cutText, messageFor } from '../../src/policy/messages.ts';
import type { Notice } from '../../src/policy/notices.ts';

const LINK = 'https://keeper.example.com/runs?a=1&b=2';
const MARK = '\u200b';

const notice = (text: string, link: string | null = null): Notice => ({
  ...{ kind: 'trouble', about: 'run', text, link },
});
const TWO = [notice('One & <two>', LINK), notice('Last')];

const send = (format: Format, notices: readonly Notice[], url = 'https://example.com/hook?key=k') =>
  messageFor({ format, url }, notices, Date.UTC(2026, 10, 26, 9));
const bodyOf = (format: Format, notices: readonly Notice[], url?: string) =>
  JSON.parse(send(format, notices, url).body) as unknown;

describe('the body', () => {
  test('slack', () => {
    const text = `Pages Keeper: One &amp; &lt;two&gt; ${LINK}\nPages Keeper: Last`;
    expect(bodyOf('slack', TWO)).toEqual({ text, mrkdwn: false });
  });

  test('discord', () => {
    expect(bodyOf('discord', TWO)).toEqual({
      content: `Pages Keeper: One & \\<two\\> <${LINK}>\nPages Keeper: Last`,
      allowed_mentions: { parse: [] },
    });
  });

  test('teams', () => {
    const block = (...inlines: object[]) => ({ type: 'RichTextBlock', inlines });
    const run = (text: string) => ({ type: 'TextRun', text });
    const look = { ...run(' Look'), selectAction: { type: 'Action.OpenUrl', url: LINK } };
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.2',
      body: [block(run('Pages Keeper: One & <two>'), look), block(run('Pages Keeper: Last'))],
    };
    const contentType = 'application/vnd.microsoft.card.adaptive';
    expect(bodyOf('teams', TWO)).toEqual({
      type: 'message',
      attachments: [{ contentType, contentUrl: null, content }],
    });
  });

  test('google-chat', () => {
    const href = LINK.replaceAll('&', '&amp;');
    const text = `Pages Keeper: One &amp; &lt;two&gt; <a href="${href}">Look</a><br>Pages Keeper: Last`;
    const card = {
      header: { title: 'Pages Keeper' },
      sections: [{ widgets: [{ textParagraph: { text } }] }],
    };
    expect(bodyOf('google-chat', TWO)).toEqual({ cardsV2: [{ cardId: 'notice', card }] });
  });

  test('telegram', () => {
    expect(bodyOf('telegram', TWO, 'https://api.telegram.org/bot1:x/sendMessage?chat_id=-1')).toEqual({
      chat_id: '-1',
      text: `Pages Keeper: One & <two> ${LINK}\nPages Keeper: Last`,
      link_preview_options: { is_disabled: true },
    });
  });

  test('ntfy', () => {
    expect(send('ntfy', TWO).body).toBe(`Pages Keeper: One & <two> ${LINK}\nPages Keeper: Last`);
  });

  test('json', () => {
    expect(bodyOf('json', TWO)).toEqual({
      ...{ source: 'pages-keeper', at: '2026-11-26T09:00:00.000Z', left: 0, notices: TWO },
      text: 'Pages Keeper: One & <two>\nPages Keeper: Last',
    });
  });

  test('what looks like a link or a call gets a mark, the end of a sentence none', () => {
    expect(send('ntfy', [notice('a.b 1.2 @c d://e /f g/h #i $J +1 k. l.')]).body).toBe(
      `Pages Keeper: a.${MARK}b 1.${MARK}2 @${MARK}c d://${MARK}e /${MARK}f g/h #${MARK}i $${MARK}J +${MARK}1 k. l.`,
    );
  });

  test('a link of 300 characters is sent, one of 301 is not', () => {
    const link = (length: number) => `https://example.com/${'x'.repeat(length - 20)}`;
    expect(send('ntfy', [notice('a', link(300))]).body).toBe(`Pages Keeper: a ${link(300)}`);
    expect(send('ntfy', [notice('a', link(301))]).body).toBe('Pages Keeper: a');
  });

  test('only Telegram loses what its address says after the question mark', () => {
    expect(send('google-chat', TWO).url).toBe('https://example.com/hook?key=k');
    expect(send('telegram', TWO).url).toBe('https://example.com/hook');
  });
});

describe('a text that is cut', () => {
  test.each([
    ['abcde', 5, 'abcde'],
    ['abcdef', 5, 'abcd…'],
    ['x'.repeat(1_000), 500, `${'x'.repeat(499)}…`],
    // A family is one character to its reader, of eleven units.
    ['ab👨‍👩‍👧‍👦cd', 12, 'ab…'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 21, '👨‍👩‍👧‍👦…'],
    [`a${'\u0301'.repeat(300)}`, 100, '…'],
  ])('%s to %d', (text, most, expected) => {
    expect(cutText(text, most)).toBe(expected);
  });

  test('is never longer than asked for, and the beginning of what it was', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (whole, most) => {
        const cut = cutText(whole, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut === whole || (cut.endsWith('…') && whole.startsWith(cut.slice(0, -1)))).toBe(true);
      }),
    );
  });
});

describe('how many one message holds', () => {
  const long = (count: number, ...last: number[]) =>
    [...new Array<number>(count).fill(500), ...last].map((length) => notice('x'.repeat(length)));
  const size = (body: string) => new TextEncoder().encode(body).length;

  test('all, where they are exactly as long as it may be; one less, where they are one longer', () => {
    const fits = send('ntfy', long(7, 381));
    expect([size(fits.body), fits.told]).toEqual([4_000, 8]);
    const over = send('ntfy', long(7, 382));
    expect(over.told).toBe(7);
    expect(over.body.split('\n').at(-1)).toBe('Pages Keeper: and 1 more, told next.');
    expect(send('ntfy', long(60)).told).toBe(7);
  });

  test('the number that is given, and a hundred at most', () => {
    const all = Array.from({ length: 150 }, (_, at) => notice(`${at}`));
    expect([1, 99, 100, 101, 150].map((count) => send('json', all.slice(0, count)).told)).toEqual([
      1, 99, 100, 100, 100,
    ]);
    expect(bodyOf('json', all)).toMatchObject({ left: 50 });
  });

  test('one that is too long by itself is sent all the same', () => {
    expect(send('json', [notice('x'.repeat(70_000))]).told).toBe(1);
    expect(send('json', [notice('x'.repeat(70_000)), notice('y')]).told).toBe(1);
  });

  test('Teams says what is left, in a row of its own', () => {
    const sent = send(
      'teams',
      Array.from({ length: 60 }, () => notice('x'.repeat(500))),
    );
    expect(sent.told).toBeLessThan(60);
    const rows = (JSON.parse(sent.body) as { attachments: { content: { body: object[] } }[] }).attachments[0]
      ?.content.body;
    expect(rows).toHaveLength(sent.told + 1);
    expect(rows?.at(-1)).toEqual({
      type: 'RichTextBlock',
      inlines: [{ type: 'TextRun', text: `Pages Keeper: and ${60 - sent.told} more, told next.` }],
    });
  });

  test('is found in a few tries, not one for each that does not fit', () => {
    let reads = 0;
    const first = {
      ...notice(''),
      get text() {
        reads += 1;
        return 'x'.repeat(500);
      },
    };
    expect(send('ntfy', [first, ...long(99)]).told).toBe(7);
    expect(reads).toBeLessThan(5);
  });
});
