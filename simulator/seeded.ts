// The simulator's only source of chance: the same seed gives the same ids, hashes and choices, run after run.
// Must not read a clock or the platform's random numbers.

/** A small seeded generator (mulberry32), with the forms the simulator needs. */
export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The next unsigned 32-bit number. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return this.next() % end;
  }

  /** One of `choices`. */
  pick<const L extends readonly unknown[]>(choices: L): L[number] {
    return choices[this.below(choices.length)];
  }

  /** So many hexadecimal digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.next().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  /** A UUID of version 4, as the API gives to projects and deployments. */
  uuid(): string {
    const h = this.hex(32);
    const variant = '89ab'[this.below(4)] ?? '8';
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
  }
}
