// Settings of ours that stand in another table of wrangler's configuration than [vars]: TOML puts whatever is written below a
// heading into that heading's table, wrangler only warns, and the Worker never sees it. Pure; shows names, never a value.

import { SECRETS, strangeNames, VARS } from '../src/config/names.ts';
import { record } from '../src/object.ts';

/** A sentence for each, those of every environment last: which one is deployed is said on the command line. `raw`: the file as parsed. */
export function misplacedIn(raw: Readonly<Record<string, unknown>>): string[] {
  const { env, ...top } = raw;
  const own = Object.entries(record(env)).flatMap(([name, table]) => besideVars(table, `env.${name}.`));
  return [...besideVars(top, ''), ...own];
}

/** Of the top, or of one environment: all but its own `[vars]`. */
function besideVars(table: unknown, prefix: string): string[] {
  const { vars: _, ...rest } = record(table);
  return within(rest, prefix, `${prefix}vars`);
}

function within(value: unknown, prefix: string, home: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => within(item, `${prefix.slice(0, -1)}[${index}].`, home));
  return Object.entries(record(value)).flatMap(([name, inner]) => {
    const why = whyMisplaced(name, inner, home);
    return why === null ? within(inner, `${prefix}${name}.`, home) : [`${prefix}${name}: ${why}`];
  });
}

/**
 * What to do about a key by this name; `null`: it is none of ours. Wrangler's own keys are in small letters, `rules` among them.
 * `home`: the table where it would be read.
 */
function whyMisplaced(name: string, value: unknown, home: string): string | null {
  if (SECRETS.includes(name)) return `is a secret: take it out here and run npx wrangler secret put ${name}.`;
  const belongs = `belongs in [${home}], above the first [[${home}.RULES]]; here nobody reads it.`;
  if (VARS.includes(name)) return belongs;
  const meant = /^[A-Z_]+$/.test(name) ? strangeNames({ [name]: value })[0]?.meant : null;
  return meant == null ? null : `is not known; did you mean ${meant}? It ${belongs}`;
}
