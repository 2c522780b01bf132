// The envelope around every answer, and the refusals the API is known to give, with their codes and words.
// Must not know routes or state.
import type { Json } from './wire.ts';

/** An answer before it becomes a Response; `effect` says whether it changed the account. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly effect: boolean;
}

/** What a list was asked for. */
export interface Paging {
  readonly page: number;
  readonly perPage: number;
}

/** Success. `result` comes first in the JSON, as in the real API's. */
export function success(result: unknown, effect = false): Answer {
  return { status: 200, body: { result, success: true, errors: [], messages: [] }, effect };
}

/** One page of a list, with all five fields of `result_info`. */
export function listed(result: readonly Json[], { page, perPage }: Paging, total: number): Answer {
  const info = {
    page,
    per_page: perPage,
    count: result.length,
    total_count: total,
    total_pages: Math.ceil(total / perPage),
  };
  return {
    status: 200,
    body: { result, success: true, errors: [], messages: [], result_info: info },
    effect: false,
  };
}

/** A refusal with the full envelope. */
export function failure(status: number, code: number, message: string, chain?: readonly Json[]): Answer {
  const error = { code, message, ...(chain ? { error_chain: chain } : {}) };
  return { status, body: { result: null, success: false, errors: [error], messages: [] }, effect: false };
}

/** A refusal at the edge: no `result`, no `messages`. */
export function edgeFailure(status: number, code: number, message: string): Answer {
  return { status, body: { success: false, errors: [{ code, message }] }, effect: false };
}

/** Thrown by a route to answer with a refusal. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(JSON.stringify(answer.body));
    this.answer = answer;
  }
}

/** The refusals of the Pages API by what they are about. */
export const REFUSALS = {
  project: failure(
    404,
    8_000_007,
    'Project not found. The specified project name does not match any of your existing projects.',
  ),
  deployment: failure(
    404,
    8_000_009,
    'The deployment ID you have specified does not exist. Update the deployment ID and try again.',
  ),
  paging: failure(
    400,
    8_000_024,
    'Invalid list options provided. Review the `page` or `per_page` parameter.',
  ),
  live: failure(400, 8_000_034, 'You cannot delete the active production deployment.'),
  aliased: failure(
    400,
    8_000_035,
    'You cannot delete an aliased deployment without a `?force=true` parameter in the API request URL.',
  ),
  manifest: failure(
    400,
    8_000_096,
    'A "manifest" field was expected in the request body but was not provided.',
  ),
  exists: failure(
    409,
    8_000_002,
    'A project with this name already exists. Choose a different project name.',
  ),
  upload: failure(400, 8_000_069, 'You cannot update the `source` object in a Direct Uploads project.'),
  tooMany: failure(
    400,
    8_000_076,
    'Your project has too many deployments to be deleted, follow this guide to delete them: https://cfl.re/3CXesln',
  ),
  /** No public record of the real code: an invented one, so that clients meet a code they do not know. */
  invented: failure(400, 8_000_999, 'This deployment cannot be used for that.'),
} as const;

/** `page` and `per_page`, or the refusal of a value the API does not take. */
export function readPaging(query: URLSearchParams, most: number): Paging {
  const number = (name: string, fallback: number) => {
    const value = query.get(name);
    if (value === null) return fallback;
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new Refusal(REFUSALS.paging);
    return Number(value);
  };
  const paging = { page: number('page', 1), perPage: number('per_page', most) };
  if (paging.perPage > most) throw new Refusal(REFUSALS.paging);
  return paging;
}
