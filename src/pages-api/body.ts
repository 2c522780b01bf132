// Reading the body of an answer from outside: bounded, and in parts of a chosen size. Knows nothing of what is in it.

/** A body was longer than it may be: nothing of it is given. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** Reads a body as text. Throws beyond its bound, for an endless or huge one would otherwise end the isolate. */
export type BodyReader = (response: Response) => Promise<string>;

/**
 * A reader of bodies of at most `maxBytes`, in parts of `partSize` bytes: a stream's own parts are 4 KB, each for a turn of the
 * event loop, and reading a list page so took a third of a batch's CPU.
 */
export function createBodyReader(maxBytes: number, partSize: number): BodyReader {
  // The memory of the last body, used again: a fresh piece for each is cleared first, and collected later.
  let spare: ArrayBuffer | null = null;
  const takeBuffer = () => {
    const buffer = spare ?? new ArrayBuffer(partSize);
    spare = null;
    return buffer;
  };
  return async ({ body }) => {
    if (body === null) return '';
    const source = openSource(body, partSize);
    const parts: Part[] = [];
    let bytes = 0;
    for (let more = true; more; ) {
      const { value } = await source.read(takeBuffer);
      if (value !== undefined) parts.push(value);
      bytes += value?.byteLength ?? 0;
      if (bytes > maxBytes) {
        await source.cancel();
        throw new TooLong(`body of more than ${maxBytes} bytes`);
      }
      more = source.isMoreAfter(value);
    }
    const text = textOf(parts);
    const memory = parts[0]?.buffer;
    if (memory?.byteLength === partSize) spare = memory;
    return text;
  };
}

type Part = Uint8Array<ArrayBuffer>;

/** A body to be read part by part. */
interface Source {
  read(takeBuffer: () => ArrayBuffer): Promise<{ readonly value?: Part | undefined }>;
  isMoreAfter(part: Part | undefined): boolean;
  cancel(): Promise<void>;
}

function openSource(body: ReadableStream<Part>, partSize: number): Source {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    // A stream made in JavaScript, not one from the network.
    const plain = body.getReader();
    return {
      read: () => plain.read(),
      isMoreAfter: (part) => part !== undefined,
      cancel: () => plain.cancel(),
    };
  }
  return {
    read: (takeBuffer) =>
      reader.readAtLeast(partSize, new Uint8Array(takeBuffer())) as Promise<{ value?: Part }>,
    // Less than asked for is all there was.
    isMoreAfter: (part) => part?.byteLength === partSize,
    cancel: () => reader.cancel(),
  };
}

const WHOLE = new TextDecoder();

function textOf(parts: readonly Part[]): string {
  if (parts.length === 1) return WHOLE.decode(parts[0]);
  const decoder = new TextDecoder();
  return parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
}
