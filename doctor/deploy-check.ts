// What `npm run build` and `npm run deploy` look at first: whether what stands in wrangler's configuration would do anything at
// all. Pure. What is not set there may be a secret, which nobody can read back, so nothing is said about it.

import { ConfigError, readConfig } from '../src/config/config.ts';
import { brokenCrons } from './schedule.ts';
import type { Settings } from './settings.ts';

/** Why these settings must not be deployed, in sentences; empty when they may be. */
export function deployProblems({ env, crons, misplaced }: Settings): string[] {
  return [...configProblems(env), ...misplaced, ...brokenCrons(crons ?? [])];
}

function configProblems(env: Settings['env']): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems
      .filter(({ path }) => !isLeftOut(path, env))
      .map(({ path, message }) => `${path}: ${message}`);
  }
}

/** Whether a problem is about a setting that the file does not set. */
function isLeftOut(path: string, env: Settings['env']): boolean {
  return /^[A-Z_]+$/.test(path) && (env[path] === undefined || env[path] === '');
}

/** What is printed. */
export function deploySection(problems: readonly string[], file: string): string[] {
  if (problems.length === 0) return [`${file}: the settings are fine.`];
  const things = problems.length === 1 ? '1 thing' : `${problems.length} things`;
  return [`${file}: ${things} to fix before it is deployed.`, ...problems.map((problem) => `  ${problem}`)];
}
