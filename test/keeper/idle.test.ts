// What is under way, read from a row that was stored before one of its fields was there.

import { describe, expect, test } from 'vitest';
import { noWork, workFrom } from '../../src/keeper/idle.ts';
import { isRecord } from '../../src/object.ts';

const NONE = noWork();
const GROUPS = Object.entries(NONE).filter(([, value]) => isRecord(value) && Object.keys(value).length > 0);

test('a new storage has nothing under way', () => {
  expect(workFrom(null)).toEqual(NONE);
});

test.each(Object.keys(NONE))('a row without %s has its default', (key) => {
  const { [key as keyof typeof NONE]: _, ...older } = NONE;
  expect(workFrom(older)).toEqual(NONE);
});

describe.each(GROUPS)('%s', (key, group) => {
  test.each(Object.keys(group as object))(
    'a row without its %s has the default, and keeps the rest',
    (field) => {
      const { [field]: _, ...older } = group as Record<string, unknown>;
      const changed = Object.fromEntries(Object.keys(older).map((name) => [name, 'as stored']));
      expect(workFrom({ ...NONE, [key]: changed })).toEqual({
        ...NONE,
        [key]: { ...(group as object), ...changed },
      });
    },
  );
});
