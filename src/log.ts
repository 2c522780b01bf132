// The log: one JSON object a line, at a level that means something. Must never be handed a secret, a header or a body.

/** One line. `error`: somebody must act; `warn`: something was left undone; `info`: what a run did; `debug`: each batch. */
export interface LogEntry {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Writes an entry to the console method of its level, as the platform's log viewer sorts them. */
export function writeLog(console: Pick<Console, 'error' | 'warn' | 'info' | 'debug'>, entry: LogEntry): void {
  console[entry.level](JSON.stringify(entry));
}
