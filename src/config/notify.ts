// NOTIFY_URL and NOTIFY: what they may hold. An address is a secret, since whoever knows it can write there: it stands in a
// secret of its own, which NOTIFY names. Pure; who is told by it: destinations.ts.

import * as v from 'valibot';
import { FORMATS, TOPICS, type Topic } from '../policy/destinations.ts';
import { type Field, field, globs, list, oneOf, or, safeUrl, table, text } from './fields.ts';

/** An address that is written to. */
export const webhook: Field<URL> = field(
  'an https URL, exactly as Slack, Discord or your own service gave it',
  (given) => safeUrl(given) ?? undefined,
  true,
);

const MOST = 10;
/** What is told where nothing else is said. */
export const DEFAULT_TOPICS: readonly Topic[] = ['trouble', 'production'];

const NOTIFY_ENTRY = {
  to: text('the name of a secret that holds the URL, such as "SLACK_URL"', /^[A-Z][A-Z0-9_]*$/, true),
  about: or(list(`a list of ${TOPICS.join(', ')}`, oneOf(...TOPICS), 1), [...DEFAULT_TOPICS]),
  projects: or(globs, ['*']),
  format: or(oneOf(...FORMATS), null),
};

/** The fields of an entry of NOTIFY. */
export const NOTIFY_FIELDS: readonly string[] = Object.keys(NOTIFY_ENTRY);

/** The settings about notices, one a row. */
export const NOTIFY = {
  NOTIFY_URL: or(webhook, null),
  NOTIFY: or(
    v.pipe(
      list(
        'a list of destinations: write [[vars.NOTIFY]], or a JSON list as text',
        table('a destination, such as { to = "SLACK_URL" }', NOTIFY_ENTRY),
      ),
      v.maxLength(MOST, `has more than ${MOST} destinations`),
    ),
    [],
  ),
};
