// Two projects: `worker` runs inside workerd, `node` outside it (wrangler, the SDK, a browser against a running Worker).
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { Response } from 'miniflare';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './test/wrangler.toml' },
            miniflare: {
              // What a test did not stub ends here: no test ever reaches the network.
              outboundService: () => new Response('no network in tests', { status: 599 }),
            },
          }),
        ],
        test: {
          name: 'worker',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Each starts processes of its own; and none may be slowed down by the other.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          env: { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
        },
      },
    ],
  },
});
