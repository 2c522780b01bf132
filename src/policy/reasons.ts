// The verdicts' reasons and their words. Pure.

/** Why a deployment is kept, in the order in which the reasons are looked for; `expired` is the one that deletes. */
export const REASONS = [
  'unmanaged',
  'unreadable',
  'live',
  'in-progress',
  'excluded',
  'latest',
  'young',
  'refused',
  'expired',
] as const;

export type Reason = (typeof REASONS)[number];

const DESCRIBE_REASON: Readonly<Record<Reason, string>> = {
  unmanaged: 'pruning is off for this project',
  unreadable: 'the API sent no id, no branch or no valid date',
  live: 'live in production',
  'in-progress': 'still building',
  excluded: 'no prune policy covers its branch',
  latest: 'among the newest successful of its branch',
  young: 'not old enough',
  refused: 'the API refused to delete it',
  expired: 'expired',
};

/** A reason in words, for the page, the log and the README. */
export function describeReason(reason: Reason): string {
  return DESCRIBE_REASON[reason];
}
