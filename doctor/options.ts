// The command line of `npm run doctor`.

import { parseArgs } from 'node:util';
import { typedAs } from '../cli/package.ts';
import { findWrangler, varsFile } from './wrangler-file.ts';

/** What was asked for. */
export interface Options {
  /** Name each deployment that would go. */
  readonly list: boolean;
  /** Look at wrangler's configuration alone, as before a deploy. */
  readonly settings: boolean;
  /** Where the shapes of the answers are written; `null`: nowhere. */
  readonly record: string | null;
  readonly help: boolean;
  /** The file with the secrets, and with whatever else goes over `[vars]`. */
  readonly vars: string;
  /** Wrangler's configuration; `null`: there is none here. */
  readonly config: string | null;
  /** The environment of it that is meant; `null`: the top one. */
  readonly env: string | null;
}

const [run, behind] = typedAs('doctor');

export const USAGE = `Asks the API, changes nothing, says what the first run would do.

  ${run}                        with wrangler.jsonc, wrangler.json or wrangler.toml, and .dev.vars
  ${behind} --list              and names each deployment that would go
  ${behind} --record FILE       and writes the shapes of the API's answers to FILE, every value and name replaced
  ${behind} --settings          looks at wrangler's configuration alone, as before a deploy, and asks nobody
  ${behind} --env NAME          with that environment of it, and .dev.vars.NAME where that is there
  ${behind} --vars FILE         reads FILE instead of .dev.vars
  ${behind} --config FILE       reads FILE as wrangler's configuration

Where there is no configuration it looks at your account with the rules that a new project begins with. The token (Account ·
Cloudflare Pages · Read is enough) and the account id are taken from .dev.vars, from the environment, or asked for.
It ends with 0 when everything is ready, else with 1.`;

/** The options of every command that reads the settings. */
export const FILES = {
  vars: { type: 'string' },
  config: { type: 'string' },
  env: { type: 'string', short: 'e' },
} as const;

/** Which files these options name, or leave to be found in this folder. */
export function filesOf({ vars, config, env = null }: Given): Pick<Options, 'vars' | 'config' | 'env'> {
  return { vars: vars ?? varsFile('.', env), config: config ?? findWrangler('.'), env };
}

interface Given {
  readonly vars?: string | undefined;
  readonly config?: string | undefined;
  readonly env?: string | null | undefined;
}

/** Reads the arguments. Throws, with a sentence, on one that it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      list: { type: 'boolean', default: false },
      settings: { type: 'boolean', default: false },
      record: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
      ...FILES,
    },
  });
  return { ...values, ...filesOf(values), record: values.record ?? null };
}
