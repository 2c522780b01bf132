// What the API will not delete, remembered by id with how things were then: it is not asked again before they have changed.
// No calls.

import { branchKey } from '../../policy/facts.ts';
import { policiesFor, policyFor } from '../../policy/rules.ts';
import type { Undeletable } from '../../policy/verdict.ts';
import type { Context } from '../context.ts';
import { type Batch, itemsOf } from './batch.ts';

/** Characters of what is remembered of one project: a thousand deployments and more. */
const MOST_REMEMBERED = 200_000;

/** As many as are remembered, the last ones. One that is forgotten costs a call. */
function newest(known: Readonly<Record<string, Undeletable>>): Record<string, Undeletable> {
  let left = MOST_REMEMBERED;
  const kept = Object.entries(known)
    .reverse()
    .filter(([id, refusal]) => {
      left -= id.length + JSON.stringify(refusal).length + 4;
      return left > 0;
    });
  return Object.fromEntries(kept.reverse());
}

/** Remembers those of a batch that the API refused to delete. */
export function rememberUndeletable({ store, config }: Context, batch: Batch): void {
  const { id, name, live } = batch;
  const items = itemsOf(batch, 'refused');
  if (items.length === 0) return;
  const facts = store.readFacts(
    id,
    items.map(({ environment, branch }) => branchKey(environment, branch)),
  );
  const canonicalId = store.read('projects', id)?.project.canonical?.id ?? null;
  const policies = policiesFor(name, config.rules);
  const known: Record<string, Undeletable> = { ...store.read('refusals', id) };
  for (const item of items) {
    const { environment, branch, reason } = item;
    known[item.id] = {
      // Called live, it was rolled back to since the list was read; after a way back nothing would seem to have changed: so
      // it is tried once more. Refused again, it waits like any other.
      canonicalId: live.has(item.id) && known[item.id] === undefined ? item.id : canonicalId,
      newestId: facts?.branches[branchKey(environment, branch)]?.newestId ?? '',
      policy: JSON.stringify(policyFor(policies, environment, branch)),
      force: reason !== 'expired',
    };
  }
  store.write('refusals', id, newest(known));
}
