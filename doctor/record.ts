// The record that `--record` writes, to attach to a report: what was asked, and the shapes of the answers. No value, no name of
// anybody's. Pure; the file is written by doctor.ts.

import type { Exchange } from './observe.ts';
import { anonymous } from './request.ts';
import { mergeShapes, type Shape, shapeOf, shown } from './shapes.ts';

/** The answers to one kind of request with one status. */
interface Answers {
  readonly request: string;
  readonly status: number;
  readonly seen: number;
  readonly headers: readonly string[];
  readonly body: Shape;
}

/** By request and status. */
export type ShapeRecord = ReadonlyMap<string, Answers>;

/** Headers of which it matters whether they were sent. */
const HEADERS = ['content-type', 'ratelimit', 'ratelimit-policy', 'retry-after', 'cf-mitigated'];

/** With one more answer. `basePath`: the path of the API's base URL. */
export function addShape(record: ShapeRecord, exchange: Exchange, basePath: string): ShapeRecord {
  const request = anonymous(exchange.url, basePath);
  const { status } = exchange;
  const key = `${status} ${request}`;
  const known = record.get(key);
  const headers = HEADERS.filter((name) => exchange.headers.has(name));
  const shape = shapeOf(exchange.body);
  const next: Answers = {
    request,
    status,
    seen: (known?.seen ?? 0) + 1,
    headers: [...new Set([...(known?.headers ?? []), ...headers])].sort(),
    body: known === undefined ? shape : mergeShapes(known.body, shape),
  };
  return new Map([...record, [key, next]]);
}

/** The record as it is written. */
export function recordText(record: ShapeRecord, version: string): string {
  const answers = [...record.values()].map(({ body, ...about }) => ({ ...about, body: shown(body) }));
  return `${JSON.stringify({ version, answers }, null, 2)}\n`;
}
