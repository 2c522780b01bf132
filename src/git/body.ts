// Reading the body of an answer as bytes: bounded, since a huge or endless one would end the isolate. Knows nothing of what is in it.

/** The longest answer that is read, in bytes. */
export const MOST_BYTES = 1_000_000;

/** The bytes of a body; `null`: it is longer than that. */
export async function readBytes({ body }: Response): Promise<Uint8Array | null> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) break;
    length += value.byteLength;
    if (length > MOST_BYTES) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
