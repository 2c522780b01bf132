// The tests of one part, for Stryker: run again for every mutant, so those that end soon, or failed for the mutant before (which
// is mostly a neighbour), come first. Not for `npm test`.
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { areaOf } from './areas.ts';

const area = areaOf(process.env.MUTANTS_AREA ?? '');
if (!area) throw new Error('MUTANTS_AREA names no part: run this by `npm run mutants`');

class SoonestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => this.#rank(a) - this.#rank(b));
  }

  #rank(file: TestSpecification): number {
    const last = this.ctx.cache.getTestSpecificationResult(file);
    return last === undefined || last.failed ? 0 : last.duration;
  }
}

export default defineConfig({
  cacheDir: '.wrangler/vite',
  plugins:
    area.runtime === 'workerd' ? [cloudflareTest({ wrangler: { configPath: './test/wrangler.toml' } })] : [],
  test: {
    include: [...area.tests],
    exclude: process.env.MUTANTS_QUICK === 'yes' ? [...(area.slow ?? [])] : [],
    isolate: false,
    // Longer than Stryker waits: what is only late, on a machine that is busy, is not noticed by a test; and what never ends is
    // told apart.
    testTimeout: 300_000,
    sequence: { sequencer: SoonestFirst },
  },
});
