// What is wrong with a configuration, in words for the person who can mend it.
// Never shows the value of a secret, nor a value that contains one.

import type { BaseIssue } from 'valibot';
import { isRecord } from '../object.ts';
import { HIDDEN } from './fields.ts';
import { aboutUnknownKey, SECRETS } from './names.ts';

/** One thing to fix: where (`RULES[1].prune[0].olderThanDays`) and what to do. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Everything that is wrong with the configuration; `message` has a line on what to do, then a line per problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.map(({ path, message }) => `${path}: ${message}`);
    super(
      [
        `The configuration has ${count}. Nothing is read, rebuilt or deleted until all are fixed (wrangler.toml, npx wrangler secret put; locally .dev.vars):`,
        ...lines,
      ].join('\n'),
    );
    this.problems = problems;
  }
}

/**
 * The issues that a schema found in `env`, as problems. `env` is needed to know what must not be shown: our own secrets, and
 * those of these names.
 */
export function problemsOf(
  issues: readonly BaseIssue<unknown>[],
  env: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): Problem[] {
  return issues.map((issue) => {
    const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
    return { path: written(path), message: sentence(issue, path, env, [...SECRETS, ...secrets]) };
  });
}

function sentence(
  issue: BaseIssue<unknown>,
  path: readonly (string | number)[],
  env: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): string {
  if (issue.type === 'never') return aboutUnknownKey(path);
  if (issue.message !== '') return issue.message;
  if (issue.input === undefined) return `is missing; it must be ${issue.expected}`;
  return `must be ${issue.expected}; got ${shown(issue.input, env, secrets)}`;
}

/** A path as it is shown: `RULES[1].prune[0].olderThanDays`. */
export function written(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const said = key.replace(KEY_LIKE, '(not shown)');
    const name = /^\w+$/.test(said) ? said : cut(JSON.stringify(said));
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

// A token, a key or the end of a webhook's address, whichever setting it was pasted into: long, of letters and digits.
const KEY_LIKE = /(?=[\w+=.~-]*\d)(?=[\w+=.~-]*[a-z])[\w+=.~-]{20,}/gi;
// Of a value also what has no digit but letters of both sizes, and Base64 with its slashes. A name of ours may look like that.
const VALUE_LIKE = /(?=[\w+=~/-]*[a-z])(?=[\w+=~/-]*[\dA-Z])[\w+=~/-]{20,}/g;

function shown(value: unknown, env: Readonly<Record<string, unknown>>, secrets: readonly string[]): string {
  if (value === HIDDEN) return 'something else (not shown)';
  let text = json(value);
  for (const name of secrets) {
    const secret = env[name];
    // Anything shorter is no secret, and would be found in every other word.
    if (typeof secret === 'string' && secret.length >= 4) {
      text = text.replaceAll(JSON.stringify(secret).slice(1, -1), '(not shown)');
    }
  }
  // A user name and password in a URL.
  const withoutLogin = text.replace(/\/\/[^/]*@/g, '//(not shown)@');
  return cut(withoutLogin.replace(KEY_LIKE, '(not shown)').replace(VALUE_LIKE, '(not shown)'));
}

function json(value: unknown): string {
  const isPlainValue = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  const isData = isPlainValue || Array.isArray(value) || isPlain(value);
  return isData ? JSON.stringify(value, withoutBigInt) : 'a binding';
}

// A binding is an object too, and asking one for `toJSON` can be a remote call.
function isPlain(value: unknown): boolean {
  return isRecord(value) && Object.getPrototypeOf(value) === Object.prototype;
}

// `JSON.stringify` throws on one.
function withoutBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function cut(text: string): string {
  return text.length > 42 ? `${text.slice(0, 40)}…` : text;
}
