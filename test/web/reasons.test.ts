// Every reason has words of its own.

import { expect, it } from 'vitest';
import { REASONS } from '../../src/policy/verdict.ts';
import { describeReason } from '../../src/words/verdicts.ts';

it('each reason is described, and no two alike', () => {
  const words = REASONS.map(describeReason);
  expect(words.filter((text) => !/^(the API|[a-z]+)( |$)/.test(text))).toEqual([]);
  expect(new Set(words).size).toBe(REASONS.length);
});
