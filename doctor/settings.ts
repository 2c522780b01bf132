// The settings as the deployed Worker would have them: `[vars]` of wrangler.toml, read by wrangler itself, with .dev.vars over
// them. Nothing else is read: no environment variable, no .env, no log-in of wrangler's.

import { record } from '../src/object.ts';
import { normalizeCron } from '../src/policy/rules.ts';
import { readDevVars, shown, UnreadableSettings } from './dev-vars.ts';
import { misplacedIn } from './misplaced.ts';

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
export async function readSettings(files: { config: string; vars: string | null }): Promise<Settings> {
  const { config, raw } = await readWrangler(files.config);
  const vars = files.vars === null ? {} : readDevVars(files.vars);
  const plain = record(config.vars);
  const { crons } = record(config.triggers);
  return {
    env: { ...plain, ...vars },
    crons: Array.isArray(crons) ? crons.map(String).map(normalizeCron) : null,
    plain: Object.keys(plain),
    misplaced: misplacedIn(raw),
    missing: vars === null ? whatIsMissing(files.vars ?? '') : null,
  };
}

type Table = Record<string, unknown>;

/** Wrangler's configuration as wrangler understands it, and as it stands in the file. */
async function readWrangler(config: string): Promise<{ readonly config: Table; readonly raw: Table }> {
  // Loading wrangler takes seconds: not before it is needed.
  const { unstable_readConfig, experimental_readRawConfig } = await import('wrangler');
  try {
    return {
      config: record(unstable_readConfig({ config }, { hideWarnings: true }) as unknown),
      raw: record(experimental_readRawConfig({ config }).rawConfig),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableSettings(`${shown(config)} cannot be read${placeOf(error)}: ${why}`);
  }
}

/** Where in the file wrangler's reader stumbled. The line itself is not shown: it may hold a secret. */
function placeOf(error: unknown): string {
  const { line, column } = record(record(error).location);
  if (typeof line !== 'number') return '';
  return typeof column === 'number' ? `, line ${line}, column ${column}` : `, line ${line}`;
}

function whatIsMissing(file: string): string {
  return `${shown(file)} is not there: copy .dev.vars.example to it, and put your API token after CLOUDFLARE_API_TOKEN= (Account · Cloudflare Pages · Edit; this check itself needs Read only). Git ignores it.`;
}
