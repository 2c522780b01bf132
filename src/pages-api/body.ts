// Reading the body of an answer from outside: bounded, and in parts of a chosen size. Knows nothing of what is in it.

/** Reads a body as text. Throws beyond its bound, for an endless or huge one would otherwise end the isolate. */
export type BodyReader = (response: Response) => Promise<string>;

/**
 * A reader of bodies of at most `maxBytes`, in parts of `partSize` bytes: a stream's own parts are 4 KB, each for a turn of the
 * event loop, and reading a list page so took a third of a batch's CPU.
 */
export function createBodyReader(maxBytes: number, partSize: number): BodyReader {
  // The memory of the last part, used again: a fresh piece for each page is cleared first, and collected later.
  let spare: ArrayBuffer | null = null;
  const takeBuffer = () => {
    const buffer = spare ?? new ArrayBuffer(partSize);
    spare = null;
    return buffer;
  };
  return async (response) => {
    if (response.body === null) return '';
    const parts = partsOf(response.body, takeBuffer);
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
      if (part.buffer.byteLength === partSize) spare = part.buffer;
    }
    return text + decoder.decode();
  };
}

type Part = Uint8Array<ArrayBuffer>;

/** Gives a body part by part, `null` at its end. */
function partsOf(body: ReadableStream<Part>, takeBuffer: () => ArrayBuffer) {
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
    async next(): Promise<Part | null> {
      if (ended) return null;
      const buffer = takeBuffer();
      const size = buffer.byteLength;
      const { value } = await byob.readAtLeast(size, new Uint8Array(buffer));
      // Less than asked for is all there was.
      ended = value === undefined || value.byteLength < size;
      return (value as Part | undefined) ?? null;
    },
    cancel: () => byob.cancel(),
  };
}
