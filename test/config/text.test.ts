import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from './fixture.ts';

describe('values as text', () => {
  const whole = fc.integer({ min: 1, max: 1000 });
  const policy = fc.record(
    {
      olderThanDays: whole,
      keepLatest: whole,
      branches: fc.constant(['main', '!x']),
      environment: fc.constantFrom('preview', 'all'),
    },
    { requiredKeys: ['olderThanDays'] },
  );
  const rule = fc.record(
    {
      projects: fc.constantFrom(['*'], ['blog', 'docs-*', '!docs-old']),
      show: fc.boolean(),
      dryRun: fc.boolean(),
      rebuild: fc.record({ branch: fc.constant('main'), ifOlderThanMinutes: whole }, { requiredKeys: [] }),
      prune: fc.oneof(policy, fc.array(policy, { minLength: 1, maxLength: 3 })),
    },
    { requiredKeys: ['projects'] },
  );
  const env = fc.record(
    {
      RULES: fc.array(rule, { maxLength: 3 }),
      DRY_RUN: fc.boolean(),
      MAX_DELETES_PER_RUN: whole,
      REBUILDS_PER_MONTH: whole,
    },
    { requiredKeys: [] },
  );

  const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const eachAsText = (object: object): object =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, asText(value)]));
  // The deepest form: the fields of a policy are text, in a policy that is text, in a rule that is text, …
  const allTheWayDown = (value: unknown): unknown => {
    if (Array.isArray(value)) return JSON.stringify(value.map(allTheWayDown));
    if (typeof value !== 'object' || value === null) return asText(value);
    return JSON.stringify(
      Object.fromEntries(Object.entries(value).map(([name, part]) => [name, allTheWayDown(part)])),
    );
  };

  it('mean the same as typed ones', () => {
    fc.assert(
      fc.property(env, (typed) => {
        expect(read(eachAsText(typed) as Record<string, unknown>)).toEqual(read(typed));
      }),
    );
  });

  it('mean the same on every level', () => {
    fc.assert(
      fc.property(env, (typed) => {
        const text = Object.fromEntries(
          Object.entries(typed).map(([name, value]) => [name, allTheWayDown(value)]),
        );
        expect(read(text)).toEqual(read(typed));
      }),
    );
  });
});
