// Faults on demand: what goes wrong between a client and the API, and the broken answers of the API itself.
// Must not choose when a fault happens; the test does, call by call.
import { type Answer, failure } from './envelope.ts';
import type { Json } from './wire.ts';

/** What goes wrong with one call. Only `drop-after` and the faults that spoil a proper answer let it have its effect. */
export type Fault =
  | {
      kind: 'status';
      status: number;
      body?: 'json' | 'html' | 'empty';
      code?: number;
      message?: string;
      retryAfter?: number;
    }
  /** Never answers until the caller gives up. `effect`: the call was carried out all the same. */
  | { kind: 'timeout'; effect?: boolean }
  | { kind: 'drop-before' }
  | { kind: 'drop-after' }
  /** HTTP 200 with `success: false`. */
  | { kind: 'success-false'; code?: number; message?: string }
  /** The JSON is cut off. */
  | { kind: 'truncated' }
  | { kind: 'redirect'; location: string }
  /** Eight megabytes of JSON. */
  | { kind: 'huge' }
  | { kind: 'total-count'; by: number }
  /** The answer, changed at will: a field missing, a row that cannot be read. */
  | { kind: 'alter'; change: (body: Json) => Json }
  /** 429, and the block starts. */
  | { kind: 'block' };

const UNKNOWN =
  'An unknown error occurred. Contact your account team or Cloudflare support: https://cfl.re/3WgEyrH.';
const HTML =
  '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Error</h1><p>cloudflare</p></body></html>';
const MEGABYTE = 'x'.repeat(1_000_000);

/** Whether the account is to be changed although the caller gets no proper answer. */
export function hasEffect(fault: Fault): boolean {
  if (fault.kind === 'timeout') return fault.effect === true;
  return ['drop-after', 'truncated', 'total-count', 'alter'].includes(fault.kind);
}

/** Waits for the caller to give up; without a signal, for ever. */
export function neverAnswer(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () => reject(signal.reason ?? new DOMException('The operation was aborted', 'AbortError'));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}

/** The answer that takes the place of a proper one; `headers` are those every answer has. */
export function faultResponse(
  fault: Fault,
  answer: Answer | null,
  headers: Record<string, string>,
): Response {
  const json = { ...headers, 'content-type': 'application/json' };
  switch (fault.kind) {
    case 'status':
      return statusResponse(fault, headers);
    case 'success-false': {
      const body = failure(200, fault.code ?? 8_000_000, fault.message ?? UNKNOWN).body;
      return new Response(JSON.stringify(body), { status: 200, headers: json });
    }
    case 'truncated': {
      const text = JSON.stringify(answer?.body ?? {});
      return new Response(text.slice(0, Math.floor(text.length / 2)), {
        status: answer?.status ?? 200,
        headers: json,
      });
    }
    case 'alter': {
      const body = fault.change(structuredClone(answer?.body ?? {}));
      return new Response(JSON.stringify(body), { status: answer?.status ?? 200, headers: json });
    }
    case 'redirect':
      return new Response(null, { status: 302, headers: { ...headers, location: fault.location } });
    case 'huge':
      return new Response(hugeBody(), { status: 200, headers: json });
    case 'total-count': {
      const body = { ...answer?.body };
      const info = body.result_info as Json | undefined;
      if (info) body.result_info = { ...info, total_count: Number(info.total_count) + fault.by };
      return new Response(JSON.stringify(body), { status: answer?.status ?? 200, headers: json });
    }
    default:
      throw new Error(`a ${fault.kind} has no response`);
  }
}

function statusResponse(fault: Fault & { kind: 'status' }, headers: Record<string, string>): Response {
  const retry = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  const html = fault.body === 'html' || fault.body === 'empty';
  const all = {
    ...headers,
    ...retry,
    'content-type': html ? 'text/html; charset=UTF-8' : 'application/json',
  };
  if (fault.body === 'empty') return new Response(null, { status: fault.status, headers: all });
  const { body } = failure(fault.status, fault.code ?? 8_000_000, fault.message ?? UNKNOWN);
  return new Response(html ? HTML : JSON.stringify(body), { status: fault.status, headers: all });
}

function hugeBody(): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const parts = [
    '{"result":["',
    ...Array<string>(8).fill(MEGABYTE),
    '"],"success":true,"errors":[],"messages":[]}',
  ];
  return new ReadableStream({
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(encoder.encode(part));
    },
  });
}
