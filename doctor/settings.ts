// The settings as the deployed Worker would have them: the variables of wrangler's configuration, with .dev.vars over them. Nothing
// else is read: no environment variable, no .env, no log-in of wrangler's. (Where there is no project: stranger.ts.)

import { normalizeCron } from '../src/policy/rules.ts';
import { readDevVars, shown } from './dev-vars.ts';
import { misplacedIn } from './misplaced.ts';
import { environmentOf, readWrangler } from './wrangler-file.ts';

/** What the files say. */
export interface Settings {
  /** As `readConfig` takes it. */
  readonly env: Readonly<Record<string, unknown>>;
  /** `[triggers] crons`, spaces collapsed; `null` when it is left out: wrangler then leaves those that are deployed. */
  readonly crons: readonly string[] | null;
  /** Names of what stands in `[vars]`. */
  readonly plain: readonly string[];
  /** Settings that stand where nobody reads them, in sentences. */
  readonly misplaced: readonly string[];
  /** What to do about the file with the secrets, when it is not there. */
  readonly missing: string | null;
}

/**
 * Reads both files; `vars: null` leaves the secrets out. A missing file of secrets is no error yet: everything that is wrong is
 * to be said at once. Throws `UnreadableSettings`.
 */
export function readSettings(files: {
  readonly config: string;
  readonly vars: string | null;
  readonly env: string | null;
}): Settings {
  const raw = readWrangler(files.config);
  const { vars: plain, crons } = environmentOf(raw, files.env);
  const vars = files.vars === null ? {} : readDevVars(files.vars);
  return {
    env: { ...plain, ...vars },
    crons: Array.isArray(crons) ? crons.map(String).map(normalizeCron) : null,
    plain: Object.keys(plain),
    misplaced: misplacedIn(raw),
    missing: vars === null ? whatIsMissing(files.vars ?? '') : null,
  };
}

function whatIsMissing(file: string): string {
  return `${shown(file)} is not there: copy .dev.vars.example to it, and put your API token after CLOUDFLARE_API_TOKEN= (Account · Cloudflare Pages · Edit; this check itself needs Read only). Git ignores it.`;
}
