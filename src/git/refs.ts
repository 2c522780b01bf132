// What a Git server says about its branches, read from the bytes of its answers: protocol version 2 (git-scm.com/docs/protocol-v2)
// and the old one, in which the refs come with the first answer. What is not below refs/heads/ is thrown away. Pure: no requests.

import { Packets } from './pkt-line.ts';
import type { Wanted } from './wanted.ts';

/** One branch in Git. */
export interface Head {
  /** Its name as Git has it. */
  readonly name: string;
  readonly commit: string;
}

/** The branches of a repository, as far as anybody wants to know. */
export interface Heads {
  /** By the name that was looked for; of several branches that are the same, the one that is written the same. */
  readonly met: ReadonlyMap<string, Head>;
  /** Some of them, whoever is looked for: at most `FIRST`. */
  readonly first: readonly Head[];
  /** How many branches there were. */
  readonly count: number;
  /** Whether every packet was read, to the flush at the end and nothing behind it: only then a branch may be missing. */
  readonly whole: boolean;
}

/** How a server answers the first request. */
export type Greeting =
  | { readonly kind: 'version-2'; readonly objectFormat: string | null }
  /** The refs are in the same answer. */
  | { readonly kind: 'old'; readonly heads: Heads }
  | { readonly kind: 'unread'; readonly why: string };

const PREFIX = new TextEncoder().encode(' refs/heads/');
const utf8 = new TextDecoder();
const SPACE = 0x20;
const LINE_END = 0x0a;
const NUL = 0;
/** Hexadecimal digits of an object's name: SHA-1 and SHA-256. */
const NAMES = [40, 64] as const;
const FORMAT = /^object-format=([a-z0-9]{1,20})$/;
const ERROR_WORDS = 200;
/** Branches that are told of whether anybody looks for them or not. */
const FIRST = 100;

/** Reads the answer to `info/refs`. */
export function readGreeting(bytes: Uint8Array, wanted: Wanted): Greeting {
  const packets = new Packets(bytes);
  let kind = packets.next();
  if (kind === 'data' && packets.text() === '# service=git-upload-pack') {
    if (packets.next() !== 'flush') return { kind: 'unread', why: 'its answer is none of Git’s' };
    kind = packets.next();
    // A repository without branches says no more, the old way.
    if (kind === 'flush') return { kind: 'old', heads: readHeads(packets, wanted, kind) };
  }
  if (kind !== 'data') return { kind: 'unread', why: 'its answer is none of Git’s' };
  const first = packets.text();
  if (first.startsWith('ERR ')) return { kind: 'unread', why: `it says: ${first.slice(4, ERROR_WORDS)}` };
  if (first === 'version 2') return readCapabilities(packets);
  return { kind: 'old', heads: readHeads(packets, wanted, first === 'version 1' ? packets.next() : kind) };
}

function readCapabilities(packets: Packets): Greeting {
  let objectFormat: string | null = null;
  let hasRefs = false;
  for (let kind = packets.next(); kind !== 'flush'; kind = packets.next()) {
    if (kind !== 'data') return { kind: 'unread', why: 'its answer is cut off' };
    const line = packets.text();
    hasRefs ||= line === 'ls-refs' || line.startsWith('ls-refs=');
    objectFormat = FORMAT.exec(line)?.[1] ?? objectFormat;
  }
  return hasRefs
    ? { kind: 'version-2', objectFormat }
    : { kind: 'unread', why: 'it tells nobody its branches' };
}

/** Reads the answer to `ls-refs`. */
export function readRefs(bytes: Uint8Array, wanted: Wanted): Heads {
  const packets = new Packets(bytes);
  return readHeads(packets, wanted, packets.next());
}

function readHeads(packets: Packets, wanted: Wanted, first: ReturnType<Packets['next']>): Heads {
  const { bytes } = packets;
  const met = new Map<string, Head>();
  const some: Head[] = [];
  let count = 0;
  let isWhole = true;
  let kind = first;
  for (; kind === 'data'; kind = packets.next()) {
    const nameEnd = objectEnd(packets);
    if (nameEnd === null) {
      isWhole &&= isNoRef(packets);
      continue;
    }
    if (!isBelowHeads(bytes, nameEnd)) continue;
    count += 1;
    const from = nameEnd + PREFIX.length;
    const to = endOf(bytes, from, packets.to);
    const places = wanted.meet(bytes, from, to);
    if (places.length === 0 && some.length >= FIRST) continue;
    const head = { name: utf8.decode(bytes.subarray(from, to)), commit: latin(bytes, packets.from, nameEnd) };
    isWhole &&= /^[0-9a-f]+$/.test(head.commit);
    if (some.length < FIRST) some.push(head);
    for (const index of places) {
      const looked = wanted.names[index] ?? '';
      if (!met.has(looked) || head.name === looked) met.set(looked, head);
    }
  }
  return { met, first: some, count, whole: isWhole && kind === 'flush' && packets.next() === 'over' };
}

/** Where the object's name ends with which a line about a ref begins; `null`: it is none. */
function objectEnd({ bytes, from, to }: Packets): number | null {
  for (const length of NAMES) if (from + length < to && bytes[from + length] === SPACE) return from + length;
  return null;
}

/** Lines that are no refs and mean no harm: a branch that is not born yet, and what a shallow repository says. */
function isNoRef(packets: Packets): boolean {
  return /^(unborn|shallow) /.test(packets.text());
}

function isBelowHeads(bytes: Uint8Array, at: number): boolean {
  for (let place = 0; place < PREFIX.length; place += 1)
    if (bytes[at + place] !== PREFIX[place]) return false;
  return true;
}

/** Where a ref's name ends: at what follows it in the line, or with the line. */
function endOf(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === LINE_END || byte === NUL || byte === SPACE) return at;
  }
  return to;
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
