// One valid environment; a test spreads its one change over it.

import { ConfigError, type Problem, readConfig } from '../../src/config/config.ts';

export type Env = Readonly<Record<string, unknown>>;

export const VALID: Env = {
  CLOUDFLARE_ACCOUNT_ID: 'account',
  CLOUDFLARE_API_TOKEN: 'token-0123456789',
  RULES: [{ projects: ['*'], prune: { olderThanDays: 30, keepLatest: 10 } }],
};

export const read = (change: Env = {}) => readConfig({ ...VALID, ...change });

/** The valid environment with one rule, changed; or with one policy or rebuild, changed. */
export const withRule = (change: Env): Env => ({ RULES: [{ projects: ['*'], ...change }] });
export const withPolicy = (change: Env): Env => withRule({ prune: { olderThanDays: 30, ...change } });

/** The problems of the valid environment with this change; none when it can be read. */
export function problems(change: Env): readonly Problem[] {
  return caught({ ...VALID, ...change })?.problems ?? [];
}

export function caught(env: Env): ConfigError | null {
  try {
    readConfig(env);
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** `path: message` of each problem. */
export const lines = (change: Env) => problems(change).map(({ path, message }) => `${path}: ${message}`);
