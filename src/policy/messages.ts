// Notices as the message that a service reads, in its own form: one function a form. Names come from outside: here they can
// format, link and call nobody. Pure.
//
// Limits and forms are those of each service's documentation; the strict receivers in test/policy/receivers.ts say which page.

import type { Format } from './destinations.ts';
import type { Notice } from './notices.ts';

/** What is sent. `told`: how many of the notices it holds, from the first; the others are told next time. */
export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly told: number;
}

/** Notices in one message at most, whatever the form. */
const MOST_NOTICES = 100;
/** So that one notice fits into any form, every character escaped. UTF-16 units. */
const LONGEST_TEXT = 500;
const LONGEST_LINK = 300;
const TITLE = 'Pages Keeper';

interface Draft {
  readonly notices: readonly Notice[];
  /** Notices that did not fit. */
  readonly left: number;
  readonly url: URL;
  /** Epoch ms. */
  readonly at: number;
}

interface Form {
  /** The most that `size` may be. */
  readonly most: number;
  readonly size: (body: string) => number;
  readonly body: (draft: Draft) => string;
}

const bytes = (text: string) => new TextEncoder().encode(text).length;
// The text alone is limited, not the JSON around it.
const sizeOf = (field: string) => (body: string) =>
  String((JSON.parse(body) as Record<string, unknown>)[field]).length;

// Services make links of whatever looks like one, a call of an @, and of `/word` a command that a tap sends: a mark that
// nobody sees stands in between.
const TEMPTING = /@|:\/\/|\.(?=[\p{L}\p{N}])|(?<![\p{L}\p{N}])[/#$+](?=[\p{L}\p{N}_])/gu;
const tame = (text: string) => cutText(text, LONGEST_TEXT).replace(TEMPTING, '$&\u200b');
const more = (left: number) => `${TITLE}: and ${left} more, told next.`;

function lines(
  { notices, left }: Draft,
  escaped: (text: string) => string,
  link = (href: string) => href,
): string {
  const all = notices.map(({ text, link: href }) => {
    const line = `${TITLE}: ${escaped(tame(text))}`;
    return isShort(href) ? `${line} ${link(href)}` : line;
  });
  return [...all, ...(left > 0 ? [more(left)] : [])].join('\n');
}

/** A text of at most so many UTF-16 units, cut between characters as a reader counts them. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter().segment(text.slice(0, most + 64))) {
    if (index + segment.length >= most) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

const isShort = (href: string | null): href is string => href !== null && href.length <= LONGEST_LINK;

const asMarkup = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const asIs = (text: string) => text;

const FORMS: Readonly<Record<Format, Form>> = {
  slack: {
    most: 4_000,
    size: sizeOf('text'),
    body: (draft) => JSON.stringify({ text: lines(draft, asMarkup), mrkdwn: false }),
  },
  discord: {
    most: 2_000,
    size: sizeOf('content'),
    body: (draft) =>
      JSON.stringify({
        content: lines(
          draft,
          (text) => text.replace(/[\\*_~`|>#<[\]():@-]/g, '\\$&'),
          (href) => `<${href}>`,
        ),
        allowed_mentions: { parse: [] },
      }),
  },
  // A text run knows no Markdown.
  teams: { most: 25_000, size: bytes, body: (draft) => JSON.stringify(teamsCard(draft)) },
  'google-chat': {
    most: 30_000,
    size: bytes,
    body: (draft) => {
      const text = lines(draft, asMarkup, (href) => `<a href="${href.replace(/&/g, '&amp;')}">Look</a>`);
      const sections = [{ widgets: [{ textParagraph: { text: text.replaceAll('\n', '<br>') } }] }];
      return JSON.stringify({
        cardsV2: [{ cardId: 'notice', card: { header: { title: TITLE }, sections } }],
      });
    },
  },
  telegram: {
    most: 4_096,
    size: sizeOf('text'),
    // No `parse_mode`, so nothing in it is markup.
    body: (draft) =>
      JSON.stringify({
        ...Object.fromEntries(draft.url.searchParams),
        text: lines(draft, asIs),
        link_preview_options: { is_disabled: true },
      }),
  },
  ntfy: { most: 4_000, size: bytes, body: (draft) => lines(draft, asIs) },
  json: {
    most: 60_000,
    size: bytes,
    body: ({ notices, left, at }) => {
      const text = notices.map((notice) => `${TITLE}: ${notice.text}`).join('\n');
      return JSON.stringify({ source: 'pages-keeper', at: new Date(at).toISOString(), text, notices, left });
    },
  },
};

function teamsCard({ notices, left }: Draft) {
  const run = (text: string, href: string | null = null) => ({
    type: 'RichTextBlock',
    inlines: [
      { type: 'TextRun', text },
      ...(isShort(href)
        ? [{ type: 'TextRun', text: ' Look', selectAction: { type: 'Action.OpenUrl', url: href } }]
        : []),
    ],
  });
  const body = notices.map(({ text, link }) => run(`${TITLE}: ${tame(text)}`, link));
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    ...{ type: 'AdaptiveCard', version: '1.2' },
    body: left > 0 ? [...body, run(more(left))] : body,
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

/** The message that this service reads: as many of the notices as it takes, and how many were left out. */
export function messageFor(
  { format, url: address }: { readonly format: Format; readonly url: string },
  notices: readonly Notice[],
  at: number,
): Message {
  const form = FORMS[format];
  const url = new URL(address);
  const draft = (told: number) =>
    form.body({ notices: notices.slice(0, told), left: notices.length - told, url, at });
  let told = Math.min(notices.length, MOST_NOTICES);
  let body = draft(told);
  while (told > 1 && form.size(body) > form.most) {
    told = Math.max(1, Math.min(told - 1, Math.floor((told * form.most) / form.size(body))));
    body = draft(told);
  }
  return { url: addressOf(format, url), headers: headersOf(format), body, told };
}

function addressOf(format: Format, url: URL): string {
  // Said in the body: Telegram would meet the chat twice.
  if (format === 'telegram') url.search = '';
  if (format === 'discord') {
    // Below these paths Discord reads another service's form, in which it cannot be told to leave Markdown alone.
    url.pathname = url.pathname.replace(/\/(slack|github)$/, '');
    // Else it answers 2xx to a message that it did not keep.
    url.searchParams.set('wait', 'true');
  }
  return url.href;
}

/** Fixed, for every form: nothing from outside is ever put into a header. */
function headersOf(format: Format): Message['headers'] {
  if (format === 'ntfy') return { 'content-type': 'text/plain; charset=utf-8', title: TITLE };
  return { 'content-type': 'application/json; charset=utf-8' };
}

/** Whether an answer of 2xx says that the message was refused: Teams' connectors answer 200 to what they could not post. */
export function isRefusal(format: Format, body: string): boolean {
  return format === 'teams' && /endpoint returned HTTP error|delivery failed/i.test(body);
}
