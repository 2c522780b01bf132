// The settings as the deployed Worker would have them: `[vars]` of wrangler.toml, read by wrangler itself, with .dev.vars over
// them. Nothing else is read: no environment variable, no .env, no log-in of wrangler's.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseEnv } from 'node:util';
import { record } from '../src/object.ts';
import { normalizeCron } from '../src/policy/rules.ts';

/** What the files say. */
export interface Settings {
  /** As `readConfig` takes it. */
  readonly env: Readonly<Record<string, unknown>>;
  /** `[triggers] crons`, spaces collapsed; `null` when it is left out: wrangler then leaves those that are deployed. */
  readonly crons: readonly string[] | null;
  /** Names of what stands in `[vars]`. */
  readonly plain: readonly string[];
  /** What to do about the file with the secrets, when it is not there. */
  readonly missing: string | null;
}

/** Thrown when a file cannot be read; the message says which, and why. */
export class UnreadableSettings extends Error {
  override readonly name = 'UnreadableSettings';
}

/** Reads both files. A missing file of secrets is no error yet: everything that is wrong is to be said at once. */
export async function readSettings(files: { config: string; vars: string }): Promise<Settings> {
  const wrangler = await readWrangler(files.config);
  const vars = readVars(files.vars);
  const plain = record(wrangler.vars);
  const { crons } = record(wrangler.triggers);
  return {
    env: { ...plain, ...vars },
    crons: Array.isArray(crons) ? crons.map(String).map(normalizeCron) : null,
    plain: Object.keys(plain),
    missing: vars === null ? whatIsMissing(files.vars) : null,
  };
}

async function readWrangler(config: string): Promise<Record<string, unknown>> {
  // Loading wrangler takes seconds: not before it is needed.
  const { unstable_readConfig } = await import('wrangler');
  try {
    return record(unstable_readConfig({ config }, { hideWarnings: true }) as unknown);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableSettings(`${shown(config)} cannot be read: ${why}`);
  }
}

function readVars(file: string): Record<string, unknown> | null {
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableSettings(`${shown(file)} cannot be read: ${why}`);
  }
}

function whatIsMissing(file: string): string {
  return `${shown(file)} is not there: copy .dev.vars.example to it, and put your API token after CLOUDFLARE_API_TOKEN= (Account · Cloudflare Pages · Edit; this check itself needs Read only). Git ignores it.`;
}

/** A path as the reader knows it: from where they are. */
function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith('..') ? file : path;
}
