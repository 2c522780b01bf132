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

/** A reason in words, for the page, the log and the README. */
export function describeReason(reason: Reason): string {
  switch (reason) {
    case 'unmanaged':
      return 'pruning is off for this project';
    case 'unreadable':
      return 'the API sent no id, no branch or no valid date';
    case 'live':
      return 'live in production';
    case 'in-progress':
      return 'still building';
    case 'excluded':
      return 'no prune policy covers its branch';
    case 'latest':
      return 'among the newest successful of its branch';
    case 'young':
      return 'not old enough';
    case 'refused':
      return 'the API refused to delete it';
    case 'expired':
      return 'expired';
  }
  return reason satisfies never;
}
