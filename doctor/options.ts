// The command line of `npm run doctor`.

import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');

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
  /** Wrangler's configuration. */
  readonly config: string;
}

export const USAGE = `Asks the API, changes nothing, says what the first run would do.

  npm run doctor                        with wrangler.toml and .dev.vars
  npm run doctor -- --list              and names each deployment that would go
  npm run doctor -- --record FILE       and writes the shapes of the API's answers to FILE, every value and name replaced
  npm run doctor -- --settings          looks at wrangler.toml alone, as npm run deploy does first, and asks nobody
  npm run doctor -- --vars FILE         reads FILE instead of .dev.vars
  npm run doctor -- --config FILE       reads FILE instead of wrangler.toml

It ends with 0 when everything is ready, else with 1.`;

/** Reads the arguments. Throws, with a sentence, on one that it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      list: { type: 'boolean', default: false },
      settings: { type: 'boolean', default: false },
      record: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
      vars: { type: 'string', default: join(ROOT, '.dev.vars') },
      config: { type: 'string', default: join(ROOT, 'wrangler.toml') },
    },
  });
  return { ...values, record: values.record ?? null };
}
