// A Stryker test runner that loads a part's tests once and runs them against one mutant after the other in the same process,
// those first that noticed the last ones or end soon. Starting Vitest for each would cost far more than the tests. How long a test
// takes is counted in time of the processor: the machine may be busy. Stryker loads this itself.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { areaOf } from './areas.ts';
import { register } from './hooks.ts';
import { type Gathered, gather, gatheredTests } from './tests.ts';

/** In the copy of the sources: how long each test took, for the processes that come after the first. */
const TIMES = 'mutants/times.json';
/** Tests that noticed one of the last mutants, mostly neighbours: these are tried first. */
const MOST_REMEMBERED = 12;

// A test never ends that has used far more time than it usually does, or none for long.
const MOST_MS = 5_000;
const MOST_TIMES = 10;
const LOOKS_EVERY_MS = 500;
const MOST_IDLE_LOOKS = 60;
const IDLE_MS = 2;

const usedMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Thrown at a test that never ends. */
class Never extends Error {}

/** Runs a test that usually takes `usual` ms; throws `Never` where it takes far longer. */
async function inTime(run: () => unknown, usual: number | undefined): Promise<void> {
  if (usual === undefined) {
    await run();
    return;
  }
  const startedAt = usedMs();
  let before = startedAt;
  let idle = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const never = new Promise((_, reject) => {
    timer = setInterval(() => {
      const now = usedMs();
      idle = now - before < IDLE_MS ? idle + 1 : 0;
      before = now;
      if (now - startedAt > MOST_MS + usual * MOST_TIMES || idle > MOST_IDLE_LOOKS) reject(new Never());
    }, LOOKS_EVERY_MS);
  });
  try {
    await Promise.race([run(), never]);
  } finally {
    clearInterval(timer);
  }
}

/** Where the mutated code looks which mutant is on, and says what was reached. */
const code = (): InstrumenterContext => {
  const all = globalThis as { __stryker__?: InstrumenterContext };
  all.__stryker__ ??= {};
  return all.__stryker__;
};

class Runner implements TestRunner {
  #loaded: Promise<void> | null = null;
  #took = new Map<string, number>();
  #noticed: string[] = [];
  /** A test that never ends goes on in this process. */
  #isSpoilt = false;

  capabilities() {
    // For what runs once, when a file is loaded, Stryker starts another process.
    return { reloadEnvironment: false };
  }

  async dryRun(): Promise<DryRunResult> {
    await this.#load();
    const tests: TestResult[] = [];
    for (const test of gatheredTests()) tests.push(await this.#run(test));
    delete code().currentTestId;
    writeFileSync(TIMES, JSON.stringify([...this.#took]));
    const { mutantCoverage = { static: {}, perTest: {} } } = code();
    return { status: DryRunStatus.Complete, tests, mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    // Stryker then starts another process, and tries once more.
    if (this.#isSpoilt) throw new Error('a test of the mutant before never ended');
    const { id } = activeMutant;
    Object.assign(code(), { activeMutant: id, hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
    await this.#load();
    const wanted = testFilter === undefined ? null : new Set(testFilter);
    const tests = gatheredTests().filter((test) => wanted === null || wanted.has(test.id));
    const results: TestResult[] = [];
    for (const test of tests.sort((a, b) => this.#rank(a) - this.#rank(b))) {
      const result = await this.#run(test);
      const never = determineHitLimitReached(code().hitCount, hitLimit);
      if (never) return toMutantRunResult(never);
      if (this.#isSpoilt) return toMutantRunResult({ status: DryRunStatus.Timeout, reason: test.id });
      results.push(result);
      if (result.status !== TestStatus.Failed) continue;
      this.#noticed = [test.id, ...this.#noticed.filter((one) => one !== test.id)].slice(0, MOST_REMEMBERED);
      break;
    }
    delete code().activeMutant;
    return toMutantRunResult({ status: DryRunStatus.Complete, tests: results });
  }

  #rank({ id }: Gathered): number {
    const at = this.#noticed.indexOf(id);
    return at === -1 ? (this.#took.get(id) ?? 0) : at - MOST_REMEMBERED;
  }

  #load(): Promise<void> {
    this.#loaded ??= load();
    if (this.#took.size === 0 && existsSync(TIMES))
      this.#took = new Map(JSON.parse(readFileSync(TIMES, 'utf8')));
    return this.#loaded;
  }

  async #run({ id, file, run }: Gathered): Promise<TestResult> {
    code().currentTestId = id;
    const startedAt = performance.now();
    const usedBefore = usedMs();
    const of = () => ({ id, name: id, fileName: resolve(file), timeSpentMs: performance.now() - startedAt });
    try {
      await inTime(run, this.#took.get(id));
      this.#took.set(id, usedMs() - usedBefore);
      return { ...of(), status: TestStatus.Success };
    } catch (error) {
      this.#isSpoilt ||= error instanceof Never;
      return { ...of(), status: TestStatus.Failed, failureMessage: String(error) };
    }
  }
}

async function load(): Promise<void> {
  const area = areaOf(process.env.MUTANTS_AREA ?? '');
  if (!area) throw new Error('MUTANTS_AREA names no part: run this by `npm run mutants`');
  // What nobody waits for is no failure of a test, nor a reason to end all of them.
  process.on('unhandledRejection', () => {});
  register();
  await import('./runtime.ts');
  const left =
    process.env.MUTANTS_QUICK === 'yes' ? [...(area.slow ?? []), ...(area.not ?? [])] : (area.not ?? []);
  const unwanted = new Set(left.flatMap((glob) => globSync(glob)));
  const files = area.tests.flatMap((glob) => globSync(glob)).filter((file) => !unwanted.has(file));
  for (const file of files.sort()) {
    const path = join(process.cwd(), file);
    // `--again` tries anew what only a changed test would notice: by their names they are others.
    const as = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 8);
    await gather(file, () => import(pathToFileURL(path).href), as);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-one-process', Runner)];
