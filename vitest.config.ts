// Two projects: `worker` runs inside workerd; `e2e` outside it (wrangler, the SDK, a browser against a running Worker, the set-up).
// Side by side, since much of the second is waiting. `--mode long` plays more cases of everything that is made up at random.
import { availableParallelism } from 'node:os';
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { Response } from 'miniflare';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** No test fails because a machine is slow: tests wait for conditions. This ends only what would never end. */
const PATIENCE_MS = 15 * 60_000;
/** What takes longest, so that nothing waits for it alone at the end. */
const FIRST = ['test/e2e/kill.test.ts', 'test/properties/'];

/** What is tried at night alone. */
const LONG = ['mutants', 'package-long', 'moments'].map((name) => `test/e2e/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => FIRST.some((path) => moduleId.includes(path));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig(({ mode }) => ({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    maxWorkers: Math.max(3, availableParallelism()),
    sequence: { sequencer: LongestFirst },
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
          setupFiles: ['./test/seed.ts'],
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/setup/**'],
          testTimeout: PATIENCE_MS,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/{e2e,setup}/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...(mode === 'long' ? [] : LONG)],
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          env: { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
        },
      },
    ],
  },
}));
