// Whether a plan still holds, by what is known at this moment: asked before anything of it is carried on. Reads only.

import { type Basis, brokenBy } from '../../policy/basis.ts';
import type { Context } from '../context.ts';

/** Why a plan of this project may not be carried on, in words for the log; `null`: it may. */
export function brokenNow({ store, config, now }: Context, id: string, basis: Basis): string | null {
  const canonicalId = store.read('projects', id)?.project.canonical?.id ?? null;
  return brokenBy(basis, { account: config.keeperName, rules: config.rulesHash, canonicalId }, now());
}
