// What is not known is never the deletable case: over random accounts, an answer that loses fields, says odd words or
// contradicts itself or an earlier one deletes nothing that would have stayed.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deploymentNow } from '../../src/pages-api/merge.ts';
import { type Deployment, outcomeOf } from '../../src/pages-api/model.ts';
import { rereadInFacts } from '../../src/policy/reread.ts';
import { judge } from '../../src/policy/verdict.ts';
import { contextOf, factsOf, someAccount } from './accounts.ts';
import { NOW } from './fixture.ts';
import type { Account } from './second-opinion.ts';

/** What can become of one answer about a deployment. */
const loss = fc.constantFrom<Partial<Deployment>>(
  { stage: '', stageStatus: '' },
  { stage: '' },
  { stageStatus: '' },
  { stageStatus: 'complete' },
  { stage: 'publish', stageStatus: 'success' },
  { stage: 'Deploy', stageStatus: 'Success' },
  { skipped: null },
  { skipped: true, stage: 'deploy', stageStatus: 'success' },
  { environment: 'unknown' },
  { branch: '' },
  { createdAt: null },
  { id: '' },
  { environment: 'unknown', branch: '', createdAt: null, stage: '', stageStatus: '', skipped: null },
);

/** What can be said otherwise of a success that is known. */
const otherwise = fc.constantFrom<Partial<Deployment>>(
  { stage: 'build', stageStatus: 'failure' },
  { stage: 'build', stageStatus: 'canceled' },
  { stage: 'queued', stageStatus: 'skipped', skipped: true },
  { stage: 'queued', stageStatus: 'idle' },
  { stage: 'build', stageStatus: 'active' },
  { stageStatus: 'complete' },
);

/** What can be said otherwise of any deployment. */
const flip = fc.constantFrom<Partial<Deployment>>(
  { environment: 'production' },
  { environment: 'preview' },
  { environment: 'unknown' },
  { branch: 'main' },
  { branch: 'dev' },
  { branch: '' },
  { createdAt: NOW - 900 * 86_400_000 },
  { createdAt: NOW },
  { createdAt: null },
);

/** An answer that loses this. `is_skipped` says all by itself, whatever becomes of the stage. */
function losing(one: Deployment, { stage, stageStatus, ...rest }: Partial<Deployment>): Deployment {
  const words = {
    ...(stage === undefined ? {} : { stage }),
    ...(stageStatus === undefined ? {} : { stageStatus }),
  };
  return one.skipped === true && rest.skipped === undefined
    ? { ...one, ...rest }
    : { ...one, ...rest, ...words };
}

/** An answer that says this otherwise of what is known; what is not known can only be learned. */
function flipping(
  one: Deployment,
  { environment, branch, createdAt }: Partial<Deployment>,
): Partial<Deployment> {
  return {
    ...(environment === undefined || one.environment === 'unknown' ? {} : { environment }),
    ...(branch === undefined || one.branch === '' ? {} : { branch }),
    ...(createdAt === undefined || one.createdAt === null ? {} : { createdAt }),
  };
}

const some = <T>(what: fc.Arbitrary<T>) =>
  fc.array(fc.option(what, { freq: 2 }), { minLength: 24, maxLength: 24 });

/** Which deployments, by their place, go. */
function goes(account: Account, facts = factsOf(account)): boolean[] {
  const context = contextOf(account, facts);
  return account.deployments.map((one) => judge(one, context, NOW).action === 'delete');
}

const goesInAddition = (before: boolean[], after: boolean[]) => after.some((gone, i) => gone && !before[i]);

it('an answer that loses or spoils anything deletes nothing in addition', () => {
  fc.assert(
    fc.property(someAccount({ refusals: false }), some(loss), (account, losses) => {
      const deployments = account.deployments.map((one, i) => losing(one, losses[i] ?? {}));
      expect(goesInAddition(goes(account), goes({ ...account, deployments }))).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

it('an answer that contradicts what is recorded deletes nothing in addition, nor once it is repeated', () => {
  let contradicted = 0;
  fc.assert(
    fc.property(
      someAccount({ refusals: false }),
      some(otherwise),
      some(flip),
      fc.boolean(),
      (account, words, flips, twice) => {
        const known = {
          ...account,
          deployments: account.deployments.map((one) => ({ ...one, recorded: null })),
        };
        const answers = known.deployments.map((one, i) => ({
          ...one,
          ...(outcomeOf(one) === 'success' ? words[i] : null),
          ...flipping(one, flips[i] ?? {}),
        }));
        const reread = known.deployments.map((before, i) => {
          const answer = answers[i] ?? before;
          const once = deploymentNow(before, answer);
          return { before, after: twice ? deploymentNow(once, answer) : once };
        });
        const now = { ...known, deployments: reread.map(({ after }) => after) };
        contradicted += now.deployments.filter(({ recorded }) => recorded !== null).length;
        const before = goes(known);
        expect(goesInAddition(before, goes(now, rereadInFacts(factsOf(known), reread)))).toBe(false);
        // Counted short, and never too much: what is folded anew may only let more go.
        expect(goesInAddition(goes(now), goes(now, rereadInFacts(factsOf(known), reread)))).toBe(false);
        expect(goesInAddition(before, goes(now))).toBe(false);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(contradicted).toBeGreaterThan(500);
});
