// Packets of Git's protocol, walked as bytes: four hexadecimal digits that say how long the packet is, then what it holds
// (git-scm.com/docs/protocol-common). Knows nothing of what is in them. Pure.

/** What comes next. `over`: the bytes end between two packets; `cut`: in the middle of one, or there is none. */
export type PacketKind = 'data' | 'flush' | 'delimiter' | 'end' | 'over' | 'cut';

const LENGTH = 4;
/** The longest packet that there may be, its length included. */
const LONGEST = 65_520;

function digit(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

/** A place among packets. */
export class Packets {
  readonly bytes: Uint8Array;
  /** Where the data of the packet that was met last begin and end. */
  from = 0;
  to = 0;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Goes to the next packet. After `cut` it stays there. */
  next(): PacketKind {
    const { bytes } = this;
    const at = this.#at;
    if (at === bytes.length) return 'over';
    let length = 0;
    for (let place = 0; place < LENGTH; place += 1) length = length * 16 + digit(bytes[at + place]);
    this.from = at + LENGTH;
    if (length >= LENGTH && length <= LONGEST && at + length <= bytes.length) {
      this.to = this.#at = at + length;
      return 'data';
    }
    this.to = this.from;
    if (!(length >= 0 && length < LENGTH - 1)) return 'cut';
    this.#at = this.from;
    return length === 0 ? 'flush' : length === 1 ? 'delimiter' : 'end';
  }

  /** The data of the packet that was met last, as text without the line's end. */
  text(): string {
    return new TextDecoder().decode(this.bytes.subarray(this.from, this.to)).replace(/\n$/, '');
  }
}

/** A packet that holds a line of text. */
export function packet(line: string): string {
  const length = new TextEncoder().encode(line).length + LENGTH;
  return `${length.toString(16).padStart(LENGTH, '0')}${line}`;
}
