// What a plan rests on, and what breaks it. Whoever carries a plan on asks here first, with what is known at that moment: so
// nothing that was judged under other rules, for another account or before a rollback is ever deleted.
// Pure: `now` (epoch ms) is passed in; no fetch, no clock, no Env, no console.

import { MAX_WALK_AGE_MS } from './gate.ts';

/** Everything outside the deployments themselves that a plan took for true. */
export interface Basis {
  /** Account and API host, `account@host`. */
  readonly account: string;
  /** Hash of the rules, and by what one of them was chosen and the environments were told apart. */
  readonly rules: string;
  readonly name: string;
  readonly productionBranch: string;
  /** The scheduled time of the tick: what the plan calls now. Epoch ms. */
  readonly at: number;
  /** When the valid walk began. Epoch ms. */
  readonly walkedAt: number;
  /** When the list of projects was read that named what is live. Epoch ms. */
  readonly listedAt: number;
  /** Which state of the project's known deployments was judged: it counts their changes. */
  readonly generation: number;
  /** The deployment that was live. */
  readonly canonicalId: string | null;
  /** When its repository was asked; `null`: nothing hangs on that. Epoch ms. */
  readonly gitReadAt: number | null;
}

/** The same things as they are known now. */
export type Known = Omit<Basis, 'at' | 'walkedAt' | 'listedAt'>;

/** Why a plan may not be carried on, in words for the log; `null`: it may. */
export function brokenBy(basis: Basis, known: Known, now: number): string | null {
  if (basis.account !== known.account) return 'it was made for another account';
  if (basis.rules !== known.rules) return 'the rules have changed';
  if (basis.name !== known.name) return 'the project has another name';
  if (basis.productionBranch !== known.productionBranch) return 'another branch is production';
  if (basis.canonicalId !== known.canonicalId) return 'another deployment is live';
  if (basis.generation !== known.generation) return 'its deployments are known otherwise';
  // Written with a negation so that NaN counts as too old.
  if (!(now - basis.walkedAt <= MAX_WALK_AGE_MS)) return 'its deployments were read too long ago';
  if (!(now - basis.listedAt <= MAX_WALK_AGE_MS)) return 'what is live was read too long ago';
  if (basis.gitReadAt !== null && basis.gitReadAt !== known.gitReadAt)
    return 'its repository was asked again';
  if (basis.gitReadAt !== null && !(now - basis.gitReadAt <= MAX_WALK_AGE_MS))
    return 'its repository was asked too long ago';
  return null;
}
