// Markup from values, for HTML and XML: every text is cleaned, then escaped, on its way in. Whatever a page is made of
// passes here, so that no view has to remember it. Knows nothing of what is shown.

import { html as escaped, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { clean } from '../words/text.ts';

export { raw };

/** Markup that is safe to put into other markup. */
export type Html = HtmlEscapedString;

/** What a template takes; `false`, `null` and `undefined` leave nothing behind. */
export type Part = Html | string | number | false | null | undefined | readonly Part[];

function safe(part: Part): unknown {
  if (typeof part === 'string') return clean(part);
  return Array.isArray(part) ? part.map(safe) : part;
}

/** Markup as a template: html\`<b>${name}</b>\`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  // Hono answers with a promise only for parts that are promises, which the type above does not let in.
  return escaped(strings, ...parts.map(safe)) as Html;
}

/** JSON, every text in it cleaned. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_key, item) => (typeof item === 'string' ? clean(item) : item));
}
