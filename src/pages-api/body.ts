// Reading the body of an answer from outside: bounded, and in parts of a chosen size. Knows nothing of what is in it.

/** Gives a body part by part, `null` at its end. */
function partsOf(body: ReadableStream<Uint8Array>, size: number) {
  let reader: ReadableStreamBYOBReader | null = null;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    // A stream made in JavaScript, not one from the network.
    const plain = body.getReader();
    return { next: async () => (await plain.read()).value ?? null, cancel: () => plain.cancel() };
  }
  const byob = reader;
  let ended = false;
  return {
    async next() {
      if (ended) return null;
      const { value } = await byob.readAtLeast(size, new Uint8Array(size));
      // Less than asked for is all there was.
      ended = value === undefined || value.byteLength < size;
      return value ?? null;
    },
    cancel: () => byob.cancel(),
  };
}

/**
 * Reads a body as text, up to `maxBytes`: throws beyond that, for an endless or huge one would otherwise end the isolate.
 * `partSize`: bytes that it is read in. A default reader gives 4 KB at a time, each for a turn of the event loop: reading
 * a list page so took a third of a batch's CPU.
 */
export async function readBounded(response: Response, maxBytes: number, partSize = 65_536): Promise<string> {
  if (response.body === null) return '';
  const parts = partsOf(response.body, partSize);
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (let part = await parts.next(); part !== null; part = await parts.next()) {
    bytes += part.byteLength;
    if (bytes > maxBytes) {
      await parts.cancel();
      throw new Error(`body of more than ${maxBytes} bytes`);
    }
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
