// The record of the answers: their shapes, and nothing that is anybody's.

import { describe, expect, test } from 'vitest';
import { addShape, recordText } from '../../doctor/record.ts';
import { mergeShapes, shapeOf, shown } from '../../doctor/shapes.ts';

const CANARY = 'canary';
const UUID = '01234567-89ab-cdef-0123-456789abcdef';

const shape = (...values: unknown[]) => shown(values.map((value) => shapeOf(value)).reduce(mergeShapes));

describe('a shape', () => {
  test.each<[unknown, unknown]>([
    [UUID, 'uuid'],
    ['0123456789abcdef0123456789abcdef01234567', 'hash'],
    ['2026-11-24T03:00:00.06963Z', 'date'],
    [`https://${CANARY}.pages.dev`, 'https address'],
    ['', 'empty text'],
    [CANARY, 'text'],
    [8_000_024, 'number'],
    [true, 'boolean'],
    [null, 'null'],
    [undefined, 'no JSON'],
    [[], []],
    [{}, {}],
  ])('of %j', (value, expected) => {
    expect(shape(value)).toEqual(expected);
  });

  test('keeps the keys of the API, and no other', () => {
    const config = {
      env_vars: { [CANARY]: { type: 'secret_text', value: CANARY } },
      fail_open: true,
      [CANARY]: 1,
    };
    expect(shape({ deployment_configs: { production: config } })).toEqual({
      deployment_configs: {
        production: {
          env_vars: { '(a name)': { type: 'text', value: 'text' } },
          fail_open: 'boolean',
          '(a name)': 'number',
        },
      },
    });
  });

  test.each(['env_vars', 'files', 'kv_namespaces', 'd1_databases', 'services', 'resources'])(
    'replaces a name in %s even where the API has a key of that name',
    (map) => {
      expect(shape({ [map]: { id: 'x', success: 'y' } })).toEqual({ [map]: { '(a name)': 'text' } });
    },
  );

  test('of several is that of all: kinds, keys that are not always there, what is in lists', () => {
    expect(shape({ id: UUID, source: null }, { id: '', source: { type: 'x' }, aliases: [] })).toEqual({
      id: 'empty text | uuid',
      source: { '(or)': 'null', type: 'text' },
      'aliases?': [],
    });
    expect(shape([{ id: 1 }, { id: 1, name: 'x' }, null])).toEqual([
      { '(or)': 'null', id: 'number', 'name?': 'text' },
    ]);
    expect(shape(null, [1])).toEqual(['(or) null', 'number']);
    expect(shape([1], { id: 1 })).toEqual({ '(or a list of)': 'number', id: 'number' });
  });
});

test('the record names requests by their kind, counts answers, and holds no value', () => {
  const exchange = (path: string, body: unknown, status = 200) => ({
    url: new URL(`https://api.example.com/client/v4${path}`),
    status,
    headers: new Headers({ ratelimit: CANARY, 'x-other': CANARY }),
    body,
  });
  const rows = [{ id: UUID, url: `https://${CANARY}.dev`, [CANARY]: { [CANARY]: CANARY } }];
  const list = { result: rows, success: true, errors: [], messages: [] };
  const refusal = { result: null, success: false, errors: [{ code: 10_000, message: CANARY }], messages: [] };
  const text = recordText(
    [
      exchange(`/accounts/${CANARY}/pages/projects/${CANARY}/deployments?page=1&per_page=25`, list),
      exchange('/accounts/other/pages/projects/shop/deployments?per_page=25&page=2&secret=x', list),
      exchange(`/user/tokens/${CANARY}`, refusal, 403),
    ].reduce(
      (record, each) => addShape(record, each, '/client/v4'),
      new Map() as Parameters<typeof addShape>[0],
    ),
    '1.2.3',
  );
  expect(text).not.toMatch(/canary|secret|01234567|10000/);
  expect(JSON.parse(text)).toEqual({
    version: '1.2.3',
    answers: [
      {
        request: '/accounts/…/pages/projects/…/deployments?page&per_page',
        status: 200,
        seen: 2,
        headers: ['ratelimit'],
        body: {
          result: [{ id: 'uuid', url: 'https address', '(a name)': { '(a name)': 'text' } }],
          success: 'boolean',
          errors: [],
          messages: [],
        },
      },
      expect.objectContaining({ request: '/user/tokens/…', status: 403, seen: 1 }),
    ],
  });
});

test('a project by the name of a word of the API is a name', () => {
  const url = new URL('https://api.example.com/accounts/user/pages/projects/pages/deployments');
  const text = recordText(
    addShape(new Map(), { url, status: 200, headers: new Headers(), body: {} }, ''),
    '1',
  );
  expect(text).toContain('/accounts/…/pages/projects/…/deployments');
});
