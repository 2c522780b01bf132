// The branches that are looked for among the refs of a repository, so prepared that of ten thousand refs no text is made but of
// those that are met. Pure.

import { CUT_AT, foldName, mayBeCut } from './names.ts';

// FNV-1a.
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const PERCENT = 0x25;
const NOT_ASCII = 0x80;

const utf8 = new TextDecoder();

/** A set of names, as the bytes of refs are held against it. */
export class Wanted {
  readonly names: readonly string[];
  readonly #byName = new Map<string, number[]>();
  readonly #hashes = new Set<number>();
  /** Names that may be cut ones: a branch that begins like one is met by it too. */
  readonly #cut: { readonly folded: string; readonly index: number }[] = [];

  /** `names`: branches of deployments, each once. */
  constructor(names: readonly string[]) {
    this.names = names;
    names.forEach((name, index) => {
      const folded = foldName(name);
      if (mayBeCut(name)) this.#cut.push({ folded, index });
      else this.#byName.set(folded, [...(this.#byName.get(folded) ?? []), index]);
      this.#hashes.add(hashOf(folded));
    });
  }

  /** The places in `names` that the branch whose name these bytes are is met by. */
  meet(bytes: Uint8Array, from: number, to: number): readonly number[] {
    let hash = BASIS;
    let isPlain = to - from < CUT_AT;
    for (let at = from; isPlain && at < to; at += 1) {
      let byte = bytes[at] ?? 0;
      if (byte >= NOT_ASCII || byte === PERCENT) isPlain = false;
      if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
      hash = Math.imul(hash ^ byte, PRIME);
    }
    if (isPlain && !this.#hashes.has(hash)) return NONE;
    const folded = foldName(utf8.decode(bytes.subarray(from, to)));
    const same = this.#byName.get(folded) ?? NONE;
    const begun = this.#cut.flatMap((one) => (folded.startsWith(one.folded) ? [one.index] : []));
    return begun.length === 0 ? same : [...same, ...begun];
  }
}

const NONE: readonly number[] = [];

/** The hash of a plain name; of any other it is never asked for. */
function hashOf(folded: string): number {
  let hash = BASIS;
  for (let at = 0; at < folded.length; at += 1) hash = Math.imul(hash ^ folded.charCodeAt(at), PRIME);
  return hash;
}
