// Settings of ours that stand in another table of wrangler's configuration than [vars]: TOML puts whatever is written below a
// heading into that heading's table, wrangler only warns, and the Worker never sees it. Pure; shows names, never a value.

import { SECRETS, strangeNames, VARS } from '../src/config/names.ts';

/** A sentence for each, in the order of the file. `raw`: the file as it was parsed. Other environments are not looked at. */
export function misplacedIn(raw: Readonly<Record<string, unknown>>): string[] {
  const { vars: _, env: __, ...rest } = raw;
  return within(rest, '');
}

function within(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => within(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const why = whyMisplaced(name, inner);
    return why === null ? within(inner, at) : [`${at}: ${why}`];
  });
}

/** What to do about a key by this name; `null`: it is none of ours. Wrangler's own keys are in small letters, `rules` among them. */
function whyMisplaced(name: string, value: unknown): string | null {
  if (SECRETS.includes(name)) return `is a secret: take it out here and run npx wrangler secret put ${name}.`;
  const belongs = 'belongs in [vars], above the first [[vars.RULES]]; here nobody reads it.';
  if (VARS.includes(name)) return belongs;
  const meant = /^[A-Z_]+$/.test(name) ? strangeNames({ [name]: value })[0]?.meant : null;
  return meant == null ? null : `is not known; did you mean ${meant}? It ${belongs}`;
}
