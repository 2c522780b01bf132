// Every configuration in the prose as the environment that it would make, whatever part of a wrangler.toml it shows.

import { parse } from 'smol-toml';
import { SECRETS, VARS } from '../../src/config/names.ts';
import { RULE_FIELDS } from '../../src/config/rules.ts';
import { blocksOf, type Found, inlineCode, PROSE } from '../architecture/prose.ts';
import { type Env, VALID, withPolicy, withRule } from './fixture.ts';

/** A configuration, and where it stands. */
export interface Example extends Found {
  /** What it sets; the account and secrets are added by whoever reads it. */
  readonly vars: Env;
  /** `null`: it says nothing about triggers. */
  readonly crons: readonly string[] | null;
}

type Toml = Readonly<Record<string, unknown>>;

const isWithin = (toml: Toml, names: readonly string[]) =>
  Object.keys(toml).every((name) => names.includes(name));

/** What a wrangler.toml, or a part of one, sets; `null`: it is none of ours. */
function varsOf(toml: Toml): Env | null {
  if (isWithin(toml, ['vars', 'triggers'])) return (toml.vars ?? {}) as Env;
  if (isWithin(toml, [...VARS, ...SECRETS])) return toml;
  if (isWithin(toml, RULE_FIELDS.RULES)) return withRule(toml);
  if (isWithin(toml, RULE_FIELDS.prune)) return withPolicy(toml);
  if (isWithin(toml, RULE_FIELDS.rebuild)) return withRule({ rebuild: toml });
  return null;
}

function read({ file, line }: Found, text: string): Toml {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${file}:${line}: ${error}`);
  }
}

function known(found: Found, toml: Toml): Env {
  const vars = varsOf(toml);
  if (vars === null) throw new Error(`${found.file}:${found.line}: whose settings are ${Object.keys(toml)}?`);
  return vars;
}

/** The ```toml blocks. Measured examples of others stand in the benchmarks. */
export const blockExamples: readonly Example[] = blocksOf('toml')
  .filter(({ file }) => !file.includes('benchmarks'))
  .map((found) => {
    const toml = read(found, found.text);
    const triggers = toml.triggers as { crons?: string[] } | undefined;
    return { ...found, vars: known(found, toml), crons: triggers?.crons ?? null };
  });

const OURS = [...VARS, ...SECRETS, ...Object.values(RULE_FIELDS).flat()];

/** `name = value` in running text, of our own names only: other tools have theirs, and decisions tell of wrong ones. */
export const inlineExamples: readonly Example[] = inlineCode()
  .filter(({ file, text }) => /^\w+ = [^…]+$/.test(text) && !file.includes('decisions'))
  .filter(({ text }) => OURS.includes(text.split(' ')[0] ?? ''))
  .map((found) => {
    const { one } = read(found, `one = { ${found.text} }`) as { one: Toml };
    return { ...found, vars: known(found, one), crons: null };
  });

/** Everything that an example leaves out because it is secret, or yours. */
export const ENOUGH: Env = { ...VALID, STATUS_PASSWORD: 'long enough' };

/** Names in .dev.vars.example, set or commented out. */
export const devVars: readonly string[] = [
  ...(PROSE.get('.dev.vars.example') ?? '').matchAll(/^(?:# )?([A-Z_]+)=/gm),
].map(([, name = '']) => name);
