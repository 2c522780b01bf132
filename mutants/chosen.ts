// Which mutants a sample holds. Pure.

/** Says which ones; another seed chooses others. */
export const SEED = '20261124';

/** FNV-1a with a final mix, for the texts differ by little: 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Whether the mutant of this text is one of the `permille` of a thousand. */
export function isChosen(text: string, permille: number, seed = SEED): boolean {
  return hashOf(`${seed} ${text}`) % 1_000 < permille;
}
