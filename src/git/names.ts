// When the branch of a deployment and a branch in Git are the same. Pages hands names on as it got them, in any letters and cut
// or percent-encoded on the way, so they are compared folded; where in doubt they are the same, for what is there stays. Pure.

/** Letters from which on a deployment's name may be a cut one: it is also that of a branch which begins with it. */
export const CUT_AT = 60;

const ENCODED = /(?:%[0-9a-f]{2})+/gi;

function decoded(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    // No UTF-8: it stands for itself.
    return run;
  }
}

/** A branch's name as it is compared: percent-decoded, NFC, in small letters. */
export function foldName(name: string): string {
  const plain = name.includes('%') ? name.replace(ENCODED, decoded) : name;
  return plain.normalize('NFC').toLowerCase().normalize('NFC');
}

/** Whether a deployment of `branch` may be one of the branch `head` in Git. */
export function isSameBranch(branch: string, head: string): boolean {
  const folded = foldName(branch);
  return mayBeCut(branch) ? foldName(head).startsWith(folded) : foldName(head) === folded;
}

/** Whether a name is so long that it may have been cut. */
export function mayBeCut(branch: string): boolean {
  return branch.length >= CUT_AT || foldName(branch).length >= CUT_AT;
}
