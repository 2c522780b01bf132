// In the place of `vitest` while mutants are tried: tests are gathered, to be run by the runner (runner.ts) again and again in
// one process. As much of it as the tests of the parts use; `expect` is Vitest's own. Runs nothing.
import { expect, vi } from 'vitest';

export { expect, vi };

type Body = (...values: never[]) => unknown;

/** A test as it was written. */
export interface Gathered {
  /** Path from the root. */
  readonly file: string;
  /** Of the file and all tests: this alone. */
  readonly id: string;
  readonly run: () => unknown;
}

const gathered: Gathered[] = [];
let file = '';
let version = '';
let titles: readonly string[] = [];
/** What is to be done after each test of the file, of each group around. */
let after: readonly Body[][] = [[]];

/** Takes what `load` declares for tests of this file; of another `as`, which is part of their ids, they are other tests. */
export async function gather(path: string, load: () => Promise<unknown>, as = ''): Promise<void> {
  file = path;
  version = as;
  after = [[]];
  await load();
}

/** All of them, as they were declared. */
export const gatheredTests = (): readonly Gathered[] => gathered;

// Options, which only say how long it may take, stand before or behind the body.
const bodyOf = (given: readonly unknown[]) => given.find((one) => typeof one === 'function') as Body;

function declare(title: string, ...given: unknown[]): void {
  const body = bodyOf(given);
  const name = `${[file, version].filter(Boolean).join(' ')} ${[...titles, title].join(' > ')}`;
  const same = gathered.filter(({ id }) => id === name || id.startsWith(`${name} #`)).length;
  const ends = after;
  const run = async () => {
    try {
      await body();
    } finally {
      for (const end of ends.flat()) await end();
    }
  };
  gathered.push({ file, id: same === 0 ? name : `${name} #${same}`, run });
}

function group(title: string, ...given: unknown[]): void {
  const outer = titles;
  const before = after;
  titles = [...outer, title];
  after = [...before, []];
  bodyOf(given)();
  titles = outer;
  after = before;
}

/** One for each of the cases, all under the title as it stands, in their order. */
const eachOf =
  (take: typeof declare) =>
  (cases: readonly unknown[]) =>
  (title: string, ...given: unknown[]) => {
    const body = bodyOf(given);
    for (const one of cases) {
      const values = (Array.isArray(one) ? one : [one]) as never[];
      take(title, () => body(...values));
    }
  };

const never = () => {};

export const test = Object.assign(declare, {
  each: eachOf(declare),
  runIf: (isWanted: unknown) => (isWanted ? declare : never),
  skipIf: (isUnwanted: unknown) => (isUnwanted ? never : declare),
});
export const it = test;
export const afterEach = (end: Body) => {
  after.at(-1)?.push(end);
};
export const describe = Object.assign(group, { each: eachOf(group) });
