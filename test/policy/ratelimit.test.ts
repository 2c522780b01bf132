// The rate limit's fields, read as the RFC's own reader reads them: that reader is the judge here, over random lists.

import fc from 'fast-check';
import { type BareItem, type Item, parseList, serializeList, Token } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { readPolicies, readRemaining } from '../../src/policy/ratelimit.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'q', ';', ',', '=', '"', '\\', ' ', '7'), maxLength: 8 });
const token = fc.constantFrom('default', 'per-zone', 'a/b', '*x').map((name) => new Token(name));
const number = fc.oneof(fc.integer({ min: -5, max: 100_000 }), fc.constantFrom(0.5, 300.25, -1.5));
const bare: fc.Arbitrary<BareItem> = fc.oneof(number, text, token, fc.boolean());
const parameters = fc
  .array(
    fc.tuple(
      fc.constantFrom('q', 'w', 'r', 't', 'pk', '*o.1'),
      fc.oneof({ weight: 3, arbitrary: number }, bare),
    ),
    {
      maxLength: 5,
    },
  )
  .map((pairs) => new Map<string, BareItem>(pairs));
const list = fc.array(fc.tuple(fc.oneof(text, token), parameters), { minLength: 1, maxLength: 4 });

/** What the two fields mean, by the library's reading. */
function expected(field: string) {
  const members = (parseList(field) as Item[]).map(([name, given]) => {
    const numberOf = (key: string) => {
      const value = given.get(key);
      return typeof value === 'number' ? value : undefined;
    };
    return { name: String(name), numberOf };
  });
  return {
    policies: members.flatMap(({ name, numberOf }) => {
      const [q = 0, w = 0] = [numberOf('q'), numberOf('w')];
      return q > 0 && w > 0 && w <= 86_400 ? [{ name, q, w: w * 1_000 }] : [];
    }),
    remaining: members.flatMap(({ name, numberOf }) => {
      const [r, t] = [numberOf('r'), numberOf('t')];
      return r !== undefined && t !== undefined && t >= 0 ? [{ name, r, t }] : [];
    }),
  };
}

describe('the fields of the rate limit', () => {
  it('are read as the RFC says, whatever stands in them', () => {
    fc.assert(
      fc.property(list, (members) => {
        const field = serializeList(members as Item[]);
        const { policies, remaining } = expected(field);
        expect(readPolicies(field)).toEqual(policies);
        expect(readRemaining(field)).toEqual(remaining);
      }),
      { numRuns: 1_000 },
    );
  });

  it('say nothing where they are no such lists, and never throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          text,
          text.map((end) => `"a";q=1;w=1${end}`),
        ),
        (field) => {
          for (const { q, w } of readPolicies(field)) expect(q > 0 && w > 0).toBe(true);
          for (const { r, t } of readRemaining(field)) expect(Number.isFinite(r) && t >= 0).toBe(true);
        },
      ),
    );
    for (const broken of ['"a";q=1;w=1,', '"a;q=1;w=1', '("a" "b");q=1;w=1', '"a" q=1;w=1', '"a";Q=1;w=1'])
      expect([broken, readPolicies(broken)]).toEqual([broken, []]);
  });

  it.each([
    '"a";q=5;w=60;x="b;q=7;c"',
    String.raw`"a";q=5;w=60;x="\";q=7;\"c"`,
    '"a";q=5;w=60;x="";y="b;q=7;c"',
  ])('%s: what stands in a string is no parameter', (field) => {
    expect(readPolicies(field)).toEqual([{ name: 'a', q: 5, w: 60_000 }]);
  });

  it('take windows of up to a day', () => {
    expect(readPolicies('"a";q=5;w=86400')).toEqual([{ name: 'a', q: 5, w: 86_400_000 }]);
    expect(readPolicies('"a";q=5;w=86401')).toEqual([]);
  });

  it('take a long field in linear time', () => {
    const long = '"a";q=1;w=1;x="'.padEnd(60_000, '\\"; ');
    expect(readPolicies(long)).toEqual([]);
  });
});
