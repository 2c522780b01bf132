// Ninety days in a picture and in words: they agree, each day leads to its runs, and nothing is said by colour alone.

import { expect, it } from 'vitest';
import { calendar, dayTable, storedPicture } from '../../src/web/html/calendar.ts';
import { day, NOW, statusPage } from './fixtures.ts';

const plain = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const DAYS = [
  day(),
  day({ day: '2026-11-23', runs: 24, failed: 1, well: 23, deleted: 3, rebuilds: 1 }),
  day({ day: '2026-11-22', runs: 24, well: 24, deleted: 0, rebuilds: 0, stored: 200 }),
];

it('has a square for each day of thirteen weeks up to today, and a link where there are runs', () => {
  const picture = String(calendar(DAYS, NOW));
  // 24 November is a Tuesday: twelve weeks and two days.
  expect((picture.match(/h20v12h-20z/g) ?? []).length).toBe(12 * 7 + 2);
  expect([...picture.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(
    DAYS.map((one) => `/runs?day=${one.day}`),
  );
  // Today is in the last column, second row; the day before above it; Sunday at the foot of the column before.
  for (const [words, place] of [
    ['24 Nov: 12 deleted', 'M276 15'],
    ['23 Nov: 3 deleted', 'M276 0'],
    ['22 Nov: 0 deleted', 'M253 90'],
  ])
    expect(picture).toMatch(new RegExp(`<title>${words}</title><path class="\\w+" d="${place}h20`));
});

it('is darker the more was deleted, and a failed run has a cross beside its colour', () => {
  const picture = String(calendar(DAYS, NOW));
  expect(picture).toMatch(/<title>24 Nov[^<]*<\/title><path class="l4"/);
  expect(picture).toMatch(/<title>22 Nov[^<]*<\/title><path class="l0"/);
  expect(picture).toMatch(/<title>23 Nov[^<]*<\/title><path class="e"[^>]*\/><path class="y"/);
});

it('leaves out what is older, or of a day to come', () => {
  const odd = [day({ day: '2026-11-25' }), day({ day: '2026-08-30' }), day({ day: '2026-08-31' })];
  expect(String(calendar(odd, NOW)).match(/href/g)).toHaveLength(1);
});

it('says the same in words', () => {
  const text = plain(String(dayTable(DAYS, NOW)));
  for (const words of [
    'Tue 24 Nov 14 of 14 12 deleted, 3 rebuilds 143',
    'Mon 23 Nov 23 of 24 3 deleted, 1 rebuild 143',
    'Sun 22 Nov 24 of 24 0 deleted 200',
  ])
    expect(text).toContain(words);
});

it('tells seven days in words, and how many there were before', () => {
  const days = Array.from({ length: 24 }, (_, back) =>
    day({ day: `2026-11-${String(24 - back).padStart(2, '0')}` }),
  );
  const html = String(dayTable(days, NOW));
  const [table = '', earlier = ''] = html.split('<details>');
  expect(table.match(/<tr role="row"><th role="rowheader"/g)).toHaveLength(7);
  expect(plain(earlier)).toContain('17 earlier days 17 Nov 16 Nov');
  expect(earlier.match(/<a href=/g)).toHaveLength(17);
  expect(plain(String(dayTable(days.slice(0, 8), NOW)))).toContain('1 earlier day 17 Nov');
});

it('a run that did not do everything has not gone well, though it did not fail', () => {
  const partly = String(dayTable([day({ runs: 24, well: 22 })], NOW));
  expect(plain(partly)).toContain('22 of 24');
  expect(partly).not.toContain('#check');
  expect(partly).not.toContain('#cross');
});

it('a day of which no run has ended runs, or its work was continued on a later day: neither is a warning', () => {
  const [today, before] = ['2026-11-24', '2026-11-23'].map((one) => {
    const row = String(dayTable([day({ day: one, runs: 0, failed: 0, well: 0 })], NOW));
    return { words: plain(row), shape: /#(play|skip|warn|cross|check)/.exec(row)?.[1] };
  });
  expect([today?.shape, before?.shape]).toEqual(['play', 'skip']);
  expect(today?.words).toContain('Running');
  expect(before?.words).toContain('Continued');
  expect(before?.words).not.toContain(' of ');
});

it('how much is stored is a picture with its words, where there are two days to compare', () => {
  expect(String(storedPicture(DAYS))).toContain('aria-label="Stored: from 200 to 143 in 3 days"');
  expect(storedPicture(DAYS.slice(0, 1))).toBe(false);
  expect(storedPicture([day({ stored: null }), day({ stored: null })])).toBe(false);
});

it('a day’s own page has its runs, and neither the calendar nor the plan', async () => {
  const page = statusPage();
  const text = plain((await page.text('/runs?day=2026-11-24')).split('<main')[1] ?? '');
  expect(text).toContain('Runs of 24 Nov');
  expect(text).toContain('All days');
  for (const words of ['13 weeks', 'The plan', 'Next pruning at']) expect(text).not.toContain(words);
  expect(plain(await page.text('/runs'))).toContain(
    'Next pruning at 14:00 UTC (15:00 in Berlin), in 43 min.',
  );
});
