// The tests must come to the same verdict whatever somebody has set in wrangler.toml, .dev.vars or .env.

import { env } from 'cloudflare:test';
import { expect, test } from 'vitest';

test('the Worker under test has no setting but its storage', () => {
  const names = Object.keys(env).filter((name) => !name.startsWith('__VITEST_POOL_WORKERS_'));
  expect(names).toEqual(['KEEPER']);
});
