// The list behind every list: whatever is added and removed, in whatever order, it stays sorted and whole.
import { expect, test } from 'vitest';
import { Seeded } from '../../simulator/seeded.ts';
import { Timeline } from '../../simulator/timeline.ts';
import { still } from './asking.ts';

test('pages are those of a sorted array, after 3,000 additions and removals in any order', () => {
  const seeded = new Seeded(3);
  const timeline = new Timeline<{ createdAt: number; sequence: number }>();
  let rows: { createdAt: number; sequence: number }[] = [];
  for (let sequence = 0; sequence < 3_000; sequence += 1) {
    // Few moments for many rows: ties are the rule.
    const row = { createdAt: seeded.below(400), sequence };
    timeline.add(row);
    rows.push(row);
    if (seeded.below(4) > 0) continue;
    const gone = seeded.pick(rows);
    expect(timeline.remove(gone)).toBe(true);
    expect(timeline.remove(gone)).toBe(false);
    rows = rows.filter((other) => other !== gone);
  }
  rows.sort((a, b) => b.createdAt - a.createdAt || b.sequence - a.sequence);
  expect(timeline.size).toBe(rows.length);
  expect(timeline.newest()).toEqual(rows);
  for (const skip of [0, 25, 500, 512, 1_500, rows.length - 3, rows.length])
    expect(timeline.newest(skip, 25)).toEqual(rows.slice(skip, skip + 25));
  expect(timeline.findNewest((row) => row.createdAt < 100)).toBe(rows.find((row) => row.createdAt < 100));
});

test('of two deployments of the same moment, the one added later is the newer', () => {
  const { account, time } = still();
  const project = account.addProject({ name: 'docs' });
  const [first, second] = [project.push('main', time.now), project.push('main', time.now)];
  expect(project.deployments).toEqual([second, first]);
  time.now += 60_000;
  expect(project.canonical).toBe(second);
});
