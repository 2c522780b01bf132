// Where a list ends: by its number of pages where the API gives one, else by a page that is not full.

import { expect, test } from 'vitest';
import { isLastPage } from '../../src/pages-api/paging.ts';

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
});
