// Whether something from outside is an object: asked in one way everywhere. Knows nothing of what is in it.

/** The keys of an object from outside; none where it is no object. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** Whether this is an object with keys: no list, no `null`. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
