// What workerd has and Node has not, as far as the tests that run in plain Node against mutants need it: bytes of a body, so
// many at once, and a stream that gives on the bytes that it gets.

/** Bytes of a body: at least so many, unless it ends; fewer are all there was. */
async function readAtLeast(this: ReadableStreamBYOBReader, least: number, view: Uint8Array<ArrayBuffer>) {
  const { byteOffset, byteLength } = view;
  let { buffer } = view;
  let filled = 0;
  while (filled < least) {
    const { done, value } = await this.read(new Uint8Array(buffer, byteOffset + filled, byteLength - filled));
    // The view was given away; of a stream that was canceled nothing comes back.
    buffer = value?.buffer ?? new ArrayBuffer(0);
    if (done) return { done: filled === 0, value: new Uint8Array(buffer, value ? byteOffset : 0, filled) };
    filled += value.byteLength;
  }
  return { done: false, value: new Uint8Array(buffer, byteOffset, filled) };
}

/** A stream like a body from the network: its reader may bring its own memory. */
function identity(): { readable: ReadableStream; writable: WritableStream<Uint8Array> } {
  let out: ReadableByteStreamController | null = null;
  let ask = () => {};
  let fail: (reason: unknown) => void = () => {};
  const readable = new ReadableStream({
    type: 'bytes',
    start(controller) {
      out = controller;
    },
    pull: () => ask(),
    cancel(reason) {
      fail(reason);
      ask();
    },
  });
  const writable = new WritableStream<Uint8Array>({
    start(controller) {
      fail = (reason) => controller.error(reason);
    },
    async write(chunk) {
      const asked = new Promise<void>((resolve) => {
        ask = resolve;
      });
      out?.enqueue(chunk);
      await asked;
    },
    close() {
      out?.close();
      // A reader that waits with its own memory is answered only by this.
      out?.byobRequest?.respond(0);
    },
    abort: (reason) => out?.error(reason),
  });
  return { readable, writable };
}

Object.assign(ReadableStreamBYOBReader.prototype, { readAtLeast });
// An object that a constructor returns takes the place of the one that it makes.
Object.assign(globalThis, {
  IdentityTransformStream: function IdentityTransformStream() {
    return identity();
  },
});

export {};
