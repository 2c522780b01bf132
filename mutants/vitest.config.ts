// The tests of one part, for Stryker: run again for every mutant, so those that end soon, or failed for the mutant before (which
// is mostly a neighbour), come first. In plain Node, whatever `npm test` runs them in.
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { areaOf } from './areas.ts';

const area = areaOf(process.env.MUTANTS_AREA ?? '');
if (!area) throw new Error('MUTANTS_AREA names no part: run this by `npm run mutants`');

const storage = join(import.meta.dirname, 'storage.ts');

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
  // With what workerd has and Node has not: a mutant takes a second instead of many.
  resolve: { alias: { 'cloudflare:test': storage, 'cloudflare:workers': storage } },
  test: {
    setupFiles: [join(import.meta.dirname, 'runtime.ts')],
    include: [...area.tests],
    exclude: process.env.MUTANTS_QUICK === 'yes' ? [...(area.slow ?? [])] : [],
    isolate: false,
    // Longer than Stryker waits: what is only late, on a machine that is busy, is not noticed by a test; and what never ends is
    // told apart.
    testTimeout: 300_000,
    sequence: { sequencer: SoonestFirst },
  },
});
