// What `npm run mutants` can mutate: each part of the sources, the tests that must notice, and how many of its mutants are
// tried. Data only.

/** One part. */
export interface Area {
  readonly path: string;
  /** The tests that are run against each mutant, as globs. */
  readonly tests: readonly string[];
  /** Those of them that only Vitest can run. */
  readonly not?: readonly string[];
  /** Of those the slowest, which `--quick` leaves out: two thirds of the time, for the little that no other notices. */
  readonly slow?: readonly string[];
  /** Of a thousand mutants so many are tried, always the same ones. */
  readonly permille: number;
  /** The score that is asked for, in percent. */
  readonly target: number;
}

/** All of them. */
export const AREAS: readonly Area[] = [
  { path: 'src/policy', tests: ['test/policy/*.test.ts'], permille: 1_000, target: 95 },
  {
    path: 'src/pages-api',
    tests: ['test/pages-api/*.test.ts'],
    permille: 1_000,
    target: 95,
  },
  {
    path: 'src/keeper',
    tests: ['test/keeper/*.test.ts', 'test/properties/whole-run.test.ts'],
    not: ['test/keeper/released.test.ts'],
    slow: [
      'test/properties/*.test.ts',
      'test/keeper/{basis,durability,isolation,limits,pace,storage-clean,walk-pages,walks}.test.ts',
    ],
    permille: 25,
    target: 90,
  },
];

/** The part that a path (`src/policy`, `src/policy/verdict.ts`, `src/policy/verdict.ts:24-30`) lies in. */
export function areaOf(path: string): Area | null {
  return AREAS.find((area) => path === area.path || path.startsWith(`${area.path}/`)) ?? null;
}
