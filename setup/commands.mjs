// What each npm script does, as data: which folders' packages it needs, and what is then run, one step after the other. What is
// typed behind `--` goes to the last step. Runs nothing.

/**
 * @typedef {object} Step one program: a file of this repository or of its packages, which Node runs
 * @property {string} file its path from the root
 * @property {readonly string[]} args
 */

/**
 * @typedef {object} Command
 * @property {readonly (keyof typeof PACKAGES)[]} needs
 * @property {readonly Step[]} steps
 */

/** The folders that packages are installed in, each from a lock file of its own, so that a command waits for its own only. */
export const PACKAGES = {
  '.': 'the packages',
  'setup/biome': 'the linter',
  'test/e2e': 'a browser and what else the end-to-end tests need',
  mutants: 'the mutation tester',
  'setup/changesets': 'what a release is made with',
};

/** @type {(file: string, ...args: string[]) => Step} */
const step = (file, ...args) => ({ file, args });
/** @type {(...args: string[]) => Step} */
const wrangler = (...args) => step('node_modules/wrangler/bin/wrangler.js', ...args);
/** @type {(...args: string[]) => Step} */
const biome = (...args) => step('setup/biome/node_modules/@biomejs/biome/bin/biome', ...args);
/** @type {(...args: string[]) => Step} */
const tsc = (...args) => step('node_modules/typescript/bin/tsc', ...args);
/** @type {(...args: string[]) => Step} */
const vitest = (...args) => step('node_modules/vitest/vitest.mjs', ...args);

// Declared in a file of the tests', so that it does not depend on what somebody set in wrangler.toml.
const TYPES = wrangler(
  ...['types', 'src/env.d.ts', '-c', 'test/wrangler.toml'],
  ...['--include-runtime=false', '--strict-vars=false'],
);
const DEPLOY = wrangler('deploy');
const BUILD = wrangler(...DEPLOY.args, '--dry-run', '--outdir', '.wrangler/dry-run');
// What is broken is not deployed: wrangler itself does not know our settings.
const SETTINGS = step('cli/pages-keeper.ts', 'doctor', '--settings');
const CHECK = [wrangler(...TYPES.args, '--check'), biome('check', '.'), tsc(), tsc('-p', 'test')];

/** @type {Command['needs']} */
const ROOT = ['.'];
/** @type {Command['needs']} */
const TESTS = ['.', 'setup/biome', 'test/e2e'];

/** @type {Readonly<Record<string, Command>>} */
export const COMMANDS = {
  start: { needs: ROOT, steps: [step('simulator/start.ts')] },
  dev: { needs: ROOT, steps: [wrangler('dev', '--var', 'DRY_RUN:true')] },
  doctor: { needs: ROOT, steps: [step('cli/pages-keeper.ts', 'doctor')] },
  share: { needs: ROOT, steps: [step('cli/pages-keeper.ts', 'share')] },
  build: { needs: ROOT, steps: [SETTINGS, BUILD] },
  deploy: { needs: ROOT, steps: [SETTINGS, DEPLOY] },
  bench: { needs: ROOT, steps: [step('bench/bench.ts')] },
  mutants: { needs: ['.', 'mutants'], steps: [tsc('-p', 'mutants'), step('mutants/mutants.ts')] },
  check: { needs: TESTS, steps: CHECK },
  changeset: {
    needs: ['setup/changesets'],
    steps: [step('setup/changesets/node_modules/@changesets/cli/bin.js')],
  },
  format: { needs: ['setup/biome'], steps: [biome('check', '--write', '.')] },
  types: { needs: ROOT, steps: [TYPES] },
  schema: {
    needs: ['.', 'setup/biome'],
    steps: [step('test/config/write-schema.ts'), biome('format', '--write', 'docs/rules.schema.json')],
  },
  // Types, lint and the build are among them.
  test: { needs: TESTS, steps: [vitest('run')] },
  'test:long': { needs: [...TESTS, 'mutants'], steps: [vitest('run', '--mode', 'long')] },
  // The tools themselves, on a Node that they take.
  wrangler: { needs: ROOT, steps: [wrangler()] },
  vitest: { needs: ROOT, steps: [vitest()] },
};
