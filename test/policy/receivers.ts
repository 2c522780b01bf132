// Receivers as strict as the documentation of each service: they refuse what the service would refuse or show as something
// else, and give the text that a reader sees. Written from those pages, not from our code.

/** What a service makes of a message: what people read, or why it refuses. */
export type Reception = { readonly text: string } | { readonly refused: string };

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Json = Record<string, unknown>;

const refused = (why: string): Reception => ({ refused: why });

function parsed({ headers, body }: Sent, known: readonly string[]): Json | string {
  if (!headers['content-type']?.startsWith('application/json')) return 'the content type is not JSON';
  let value: Json;
  try {
    value = JSON.parse(body) as Json;
  } catch {
    return 'invalid JSON';
  }
  const strange = Object.keys(value).filter((key) => !known.includes(key));
  return strange.length > 0 ? `unknown: ${strange.join()}` : value;
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most;

/**
 * docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (400 `invalid_payload`, `no_text`),
 * docs.slack.dev/messaging/formatting-message-text (`&`, `<`, `>` are Slack's, and these three alone are decoded; `mrkdwn`;
 * 4,000 characters) and docs.slack.dev/messaging/unfurling-links-in-messages (an app's link to a page gets no preview).
 */
export function slack(sent: Sent): Reception {
  const value = parsed(sent, ['text', 'blocks', 'attachments', 'mrkdwn', 'thread_ts', 'unfurl_links']);
  if (typeof value === 'string') return refused(`invalid_payload: ${value}`);
  if (!isText(value.text, 4_000)) return refused('no_text');
  if (value.mrkdwn !== false) return refused('this test wants it without formatting');
  if (/[<>]|&(?!(amp|lt|gt);)/.test(value.text)) return refused('a control sequence of Slack');
  return { text: value.text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&') };
}

/**
 * docs.discord.com/developers/resources/webhook#execute-webhook (`content` of up to 2,000 characters; without `wait` no error
 * for a message that is not saved; below `/slack` it knows no `mrkdwn`), …/developers/resources/message#allowed-mentions-object
 * (an empty `parse` mentions nobody) and …/developers/reference#message-formatting (Markdown, and what stands in `< >`).
 */
export function discord(sent: Sent): Reception {
  const { pathname, searchParams } = new URL(sent.url);
  if (searchParams.get('wait') !== 'true') return refused('no error for a message that it does not save');
  if (/\/(slack|github)$/.test(pathname)) return refused('another form');
  const known = [
    'content',
    'username',
    'avatar_url',
    'tts',
    'embeds',
    'allowed_mentions',
    'components',
    'flags',
  ];
  const value = parsed(sent, known);
  if (typeof value === 'string') return refused(value);
  if (!isText(value.content, 2_000)) return refused('50006: cannot send an empty message, or one so long');
  if (JSON.stringify(value.allowed_mentions) !== '{"parse":[]}') return refused('it could call somebody');
  // Of our own links alone the form is `<https://…>`; whatever else is special is escaped.
  const plain = value.content.replace(/ <https:\/\/[^\s<>]+>(?=\n|$)/g, '');
  const bare = plain.replace(/\\[^0-9A-Za-z\s]/g, '');
  if (/[\\*_~`|<>[\]@]/.test(bare)) return refused('Markdown');
  return { text: value.content.replace(/\\([^0-9A-Za-z\s])/g, '$1') };
}

/**
 * learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using: `type` is `message`,
 * `attachments` holds cards of type `application/vnd.microsoft.card.adaptive`, no other form by a workflow; 28 KB.
 * adaptivecards.io/explorer/RichTextBlock.html and …/TextRun.html: from version 1.2 on, no Markdown, `selectAction`, of which
 * Teams takes `Action.OpenUrl`.
 */
export function teams(sent: Sent): Reception {
  const value = parsed(sent, ['type', 'attachments', 'summary']);
  if (typeof value === 'string') return refused(value);
  if (new TextEncoder().encode(sent.body).length > 28 * 1_024) return refused('more than 28 KB');
  const [card, ...others] = (value.attachments ?? []) as Json[];
  if (value.type !== 'message' || card === undefined || others.length > 0) return refused('no message');
  const content = card.content as Json;
  if (card.contentType !== 'application/vnd.microsoft.card.adaptive' || content.type !== 'AdaptiveCard')
    return refused('no adaptive card');
  if (!(Number(content.version) >= 1.2)) return refused('a card that knows no RichTextBlock');
  const rows = (content.body as Json[]).map((row) => {
    if (row.type !== 'RichTextBlock') throw new Error('a text that knows Markdown');
    return (row.inlines as Json[]).map((run) => {
      const action = run.selectAction as Json | undefined;
      if (action !== undefined && action.type !== 'Action.OpenUrl') throw new Error('no action of Teams');
      return action === undefined ? run.text : action.url;
    });
  });
  return { text: rows.map((row) => row.join(' ')).join('\n') };
}

/**
 * developers.google.com/workspace/chat/quickstart/webhooks, …/chat/api/reference/rest/v1/spaces.messages/create (32,000
 * bytes) and …/chat/format-messages (a card's text is HTML; in plain text `*`, `_`, `~` format, `<users/all>` calls everybody).
 */
export function googleChat(sent: Sent): Reception {
  const value = parsed(sent, ['text', 'cardsV2', 'thread', 'fallbackText']);
  if (typeof value === 'string') return refused(`INVALID_ARGUMENT: ${value}`);
  if (new TextEncoder().encode(sent.body).length > 32_000) return refused('more than 32,000 bytes');
  const [card] = (value.cardsV2 ?? []) as { card: { sections: { widgets: { textParagraph: Json }[] }[] } }[];
  const text = card?.card.sections[0]?.widgets[0]?.textParagraph.text;
  if (value.text !== undefined || !isText(text, 32_000)) return refused('no card, or a text that can call');
  const own = text.replace(/<br>|<a href="https:\/\/[^"<>]+">Look<\/a>/g, '');
  if (/[<>]|&(?!(amp|lt|gt);)/.test(own)) return refused('HTML that is not ours');
  const links = text.replace(/<br>/g, '\n').replace(/<a href="([^"]+)">Look<\/a>/g, '$1');
  return { text: links.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&') };
}

/**
 * core.telegram.org/bots/api#sendmessage: `chat_id` and `text`, 1 to 4,096 characters; markup only with `parse_mode`.
 * …#messageentity: what becomes a link without it: mention, hashtag, cashtag, bot_command, url, email, phone_number.
 */
export function telegram(sent: Sent): Reception {
  const value = parsed(sent, [
    'chat_id',
    'message_thread_id',
    'text',
    'link_preview_options',
    'disable_notification',
  ]);
  if (typeof value === 'string') return refused(`Bad Request: ${value}`);
  if (typeof value.chat_id !== 'string') return refused('Bad Request: chat_id is empty');
  if (!isText(value.text, 4_096)) return refused('Bad Request: message text is empty, or too long');
  const plain = value.text.replace(/ https:\/\/[^\s]+(?=\n|$)/g, '');
  const entity = /@\w|(?<![\p{L}\p{N}])([/#$][\p{L}\p{N}_]|\+\d)|:\/\/\w|\p{L}\.\p{L}/u.exec(plain);
  if (entity !== null) return refused(`a link of its own: ${entity[0]}`);
  return { text: value.text };
}

/**
 * docs.ntfy.sh/publish: the body is the message, plain unless Markdown is asked for; the title is a header.
 * docs.ntfy.sh/publish/#limitations: up to 4,096 bytes, else it becomes a file, which is gone after three hours.
 */
export function ntfy({ headers, body }: Sent): Reception {
  if (!headers['content-type']?.startsWith('text/plain')) return refused('not a text');
  if (new TextEncoder().encode(body).length > 4_096) return refused('a file');
  if (headers.title !== 'Pages Keeper') return refused('a title that somebody else wrote');
  return { text: body };
}

/** docs/for-programs.md. */
export function json(sent: Sent): Reception {
  const value = parsed(sent, ['source', 'at', 'text', 'notices', 'left']);
  if (typeof value === 'string') return refused(value);
  if (value.source !== 'pages-keeper' || !Array.isArray(value.notices)) return refused('not ours');
  return { text: String(value.text) };
}

/** By format. */
export const RECEIVERS = { slack, discord, teams, 'google-chat': googleChat, telegram, ntfy, json } as const;
