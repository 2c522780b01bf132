// The doctor keeps to the API's limit, and waits where the API says that little is left.

import { expect, test } from 'vitest';
import { paced } from '../../doctor/paced.ts';
import { success } from '../pages-api/fake.ts';

/** A clock that only sleeping moves on, and what it saw. */
function clocked(options: { free?: boolean; headers?: Record<string, string> } = {}) {
  let at = 1_000_000;
  const sentAt: number[] = [];
  const limited = paced({
    fetch: () => {
      sentAt.push(at);
      return Promise.resolve(new Response(success([]).body, { headers: options.headers ?? {} }));
    },
    now: () => at,
    sleep: (ms) => {
      at += ms;
      return Promise.resolve();
    },
    free: options.free ?? false,
  });
  return { limited, sentAt };
}

async function send(limited: ReturnType<typeof paced>, calls: number): Promise<void> {
  for (let left = calls; left > 0; left -= 1) await limited.fetch('https://api.test', { method: 'GET' });
}

test('against the API: evenly, and never more than 0.9 of 1,200 calls in any 300 s', async () => {
  const { limited, sentAt } = clocked();
  await send(limited, 2_500);
  const gaps = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000 / 3.6);
  const most = Math.max(
    ...sentAt.map((from) => sentAt.filter((at) => at >= from && at < from + 300_000).length),
  );
  expect(most).toBeLessThanOrEqual(1_080);
  expect(most).toBeGreaterThan(1_050);
  expect(limited.calls()).toBe(2_500);
});

test('a stricter policy that the API sends slows it down', async () => {
  const { limited, sentAt } = clocked({ headers: { 'ratelimit-policy': '"burst";q=100;w=60' } });
  await send(limited, 3);
  expect((sentAt[2] ?? 0) - (sentAt[1] ?? 0)).toBeGreaterThanOrEqual(60_000 / 90);
  expect(limited.rate()).toBeCloseTo(0.0015);
});

test('where little is left it waits until that is over', async () => {
  const headers = { 'ratelimit-policy': '"default";q=1200;w=300', ratelimit: '"default";r=100;t=40' };
  const { limited, sentAt } = clocked({ headers });
  await send(limited, 2);
  expect((sentAt[1] ?? 0) - (sentAt[0] ?? 0)).toBe(40_000);
});

test('on this very machine it waits for nothing', async () => {
  const { limited, sentAt } = clocked({ free: true, headers: { ratelimit: '"default";r=0;t=40' } });
  await send(limited, 50);
  expect(new Set(sentAt).size).toBe(1);
});
