// Where a list ends: by its number of pages where the API gives one, else by a page that is not full; and whether nothing stands
// behind a page, by the number of rows alone.

import { expect, test } from 'vitest';
import {
  isEnd,
  isLastPage,
  SMALLER_DEPLOYMENT_PAGES,
  SMALLER_PROJECT_PAGES,
} from '../../src/pages-api/paging.ts';

// Rows on the page, pages in all as the API says, the page's number, rows a page; whether it is the last.
test.each<[number, number | null, number, number | null, boolean]>([
  [25, 3, 2, 25, false],
  [25, 3, 3, 25, true],
  [25, 3, 4, 25, true],
  // A page that is not full says nothing where the number of pages is known.
  [7, 3, 2, 25, false],
  [0, 3, 2, 25, true],
  [25, null, 1, 25, false],
  [24, null, 1, 25, true],
  [0, null, 1, 25, true],
  [25, 0, 1, 25, false],
  [24, 0, 1, 25, true],
  [25, 3, 1, null, true],
  [25, null, 1, null, true],
])('%i rows, %s pages, the %i-th of %s rows: last is %s', (rows, totalPages, number, perPage, last) => {
  const page = { rows: Array(rows).fill(null), unread: 0, totalCount: null, totalPages, projectId: null };
  expect(isLastPage(page, number, perPage)).toBe(last);
  // What cannot be read was sent all the same.
  for (const unread of [1, rows])
    if (rows > unread) {
      const partly = { ...page, rows: Array(rows - unread).fill(null), unread };
      expect(isLastPage(partly, number, perPage)).toBe(last);
    }
});

test.each([
  [SMALLER_DEPLOYMENT_PAGES, 25, [10, null]],
  [SMALLER_PROJECT_PAGES, 10, [5, null]],
])('%j: from the largest page to a smaller one, then to the bare call', (smaller, largest, sizes) => {
  const tried: (number | null | undefined)[] = [];
  for (let size: number | null | undefined = largest; typeof size === 'number'; tried.push(size))
    size = smaller[size];
  expect(tried).toEqual(sizes);
});

// Rows on the page, those of them that cannot be read, rows in all as the API says, the page's number, rows a page.
test.each<[number, number, number | null, number, number | null, boolean]>([
  [25, 0, 75, 2, 25, false],
  [25, 0, 75, 3, 25, true],
  [24, 0, 75, 3, 25, false],
  [24, 1, 75, 3, 25, true],
  [20, 6, 75, 3, 25, true],
  [0, 0, 75, 4, 25, true],
  [1, 0, 75, 3, 25, false],
  // A short page, or an empty one, does not prove it; nor a number that the API does not give.
  [7, 0, 75, 2, 25, false],
  [0, 0, 75, 2, 25, false],
  [7, 0, null, 2, 25, false],
  [0, 0, null, 1, null, false],
  [10, 0, 10, 1, null, true],
  [10, 0, 11, 1, null, false],
  [0, 0, 0, 1, 10, true],
])(
  '%i rows and %i unread of %s, the %i-th page of %s: nothing behind it: %s',
  (rows, unread, totalCount, number, perPage, end) => {
    const page = { rows: Array(rows).fill(null), unread, totalCount, totalPages: null, projectId: null };
    expect(isEnd(page, number, perPage)).toBe(end);
  },
);
