// What was seen of the API so far: each answer is folded in as it comes. Keeps no answer.

import { addExchange, NOTHING_SEEN } from './behaviour.ts';
import type { Exchange } from './observe.ts';
import { addShape, recordText, type ShapeRecord } from './record.ts';

/** Watches the answers of the API at this base URL. */
export function createWatch(baseUrl: string) {
  const basePath = new URL(baseUrl).pathname.replace(/\/$/, '');
  let behaviour = NOTHING_SEEN;
  let shapes: ShapeRecord = new Map();
  return {
    see(exchange: Exchange): void {
      behaviour = addExchange(behaviour, exchange);
      shapes = addShape(shapes, exchange, basePath);
    },
    behaviour: () => behaviour,
    /** The record, as it is written to a file. */
    record: (version: string) => recordText(shapes, version),
  };
}
