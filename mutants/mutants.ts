// `npm run mutants -- [path]`: changes the sources in small ways, one at a time, and looks whether a test notices (Stryker does
// both, in a copy). A whole part (areas.ts) goes into docs/mutants.md, less than that only onto the screen. Never part of
// `npm test`: a part takes minutes to an hour. Must not decide what a survivor means: that is in judgements.json.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { AREAS, type Area, areaOf } from './areas.ts';
import judgements from './judgements.json' with { type: 'json' };
import { asText, replaceSection, sectionOf } from './page.ts';
import { type Judgement, type Outcome, summarize } from './report.ts';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/mutants.md');

/** Whether this is a file, or some of its lines: of which every mutant is tried. */
const isOfFile = (path: string) => /\.ts(:|$)/.test(path);

/** How much of what could be tried is. */
interface Effort {
  /** What a run before found may stand. */
  readonly again: boolean;
  /** Without the slowest tests: what survives may be noticed by them. */
  readonly quick: boolean;
}

/** Mutates `path` within its part and runs that part's tests against each mutant. */
async function run(area: Area, path: string, { again, quick }: Effort): Promise<Outcome[]> {
  const permille = isOfFile(path) ? 1_000 : area.permille;
  const name = `.wrangler/mutants-${path.replace(/[^\w-]+/g, '-')}`;
  // The tests' configuration and the sample are loaded in processes of their own.
  process.env.MUTANTS_AREA = area.path;
  // Fewer random whole runs than `npm test` makes: they are tried last, on what nothing else notices.
  process.env.VITE_CASES ??= '40';
  process.env.MUTANTS_PERMILLE = String(permille);
  process.env.MUTANTS_QUICK = quick ? 'yes' : 'no';
  // Not before it is needed: help is printed without it.
  const { Stryker } = await import('@stryker-mutator/core');
  const results = await new Stryker({
    mutate: [isOfFile(path) ? path : `${path}/**/*.ts`],
    testRunner: 'in-one-process',
    plugins: ['./mutants/runner.ts', './mutants/sample.ts', './mutants/told.ts'],
    // Stryker runs one thing more at once for each of these.
    checkers: permille < 1_000 ? ['sample'] : [],
    concurrency: Number(process.env.MUTANTS_AT_ONCE ?? 1),
    timeoutMS: 30_000,
    // On a busy machine the tests alone may take longer than the five minutes that Stryker waits.
    dryRunTimeoutMinutes: 30,
    reporters: ['progress-append-only', 'html', 'told'],
    htmlReporter: { fileName: `${name}.html` },
    // What became of each mutant is remembered, for `--again`; of lines alone it would be mixed with that of their neighbours.
    incremental: !path.includes(':'),
    incrementalFile: `.wrangler/mutants-${area.path.replaceAll('/', '-')}-${permille}.json`,
    force: !again,
    tempDirName: '.wrangler/mutants',
    cleanTempDir: 'always',
    // Both only for what Stryker does with TypeScript's API, which version 7 has none of; nothing here is compiled.
    tsconfigFile: 'none',
    disableTypeChecks: false,
  }).runMutationTest();
  const outcomes = results.map((result) => ({
    ...result,
    ...placeOf(result),
    fileName: relative(root, result.fileName).replaceAll('\\', '/'),
  }));
  // What is remembered of the part's other files comes along.
  return outcomes.filter(({ fileName }) => path.includes(':') || fileName.startsWith(path));
}

/** Stryker counts lines and columns from 1 in its results, from 0 everywhere else. */
function placeOf({ location: { start, end } }: Pick<Outcome, 'location'>): Pick<Outcome, 'location'> {
  const fromZero = ({ line, column }: typeof start) => ({ line: line - 1, column: column - 1 });
  return { location: { start: fromZero(start), end: fromZero(end) } };
}

function areaFor(path: string): Area {
  const area = areaOf(path);
  if (!area) throw new Error(`${path} is in none of ${AREAS.map((one) => one.path).join(', ')}`);
  return area;
}

/** Runs one path and prints what survived; `true` when all of it is judged. */
async function report(path: string, effort: Effort): Promise<boolean> {
  const area = areaFor(path);
  // As they are now: whoever goes on editing must not make the report name other lines than were mutated.
  const files = globSync(`${area.path}/**/*.ts`).map((file) => file.replaceAll('\\', '/'));
  const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const outcomes = await run(area, path, effort);
  const summary = summarize(area, outcomes, sources, judgements as Record<string, Judgement[]>);
  process.stdout.write(`\n${asText(summary, path === area.path)}\n`);
  // What the quick tests alone notice is no result.
  if (path === area.path && !effort.quick)
    writeFileSync(page, replaceSection(readFileSync(page, 'utf8'), area, sectionOf(summary)));
  return summary.unjudged.length === 0;
}

const USAGE = `Changes the sources in small ways, one at a time, and shows what no test notices.

  npm run mutants                                  every part: ${AREAS.map(({ path }) => path).join(', ')}; takes hours
  npm run mutants -- src/policy                    one part, and writes what it found to docs/mutants.md
  npm run mutants -- src/keeper/prune              a folder of one, sampled as the part is, on the screen only
  npm run mutants -- src/policy/verdict.ts         one file, on the screen only
  npm run mutants -- src/policy/verdict.ts:60-80   some of its lines
  npm run mutants -- --quick src/keeper            without its slowest tests, on the screen only: --again then tries what
                                                   they left with all
  npm run mutants -- --again src/policy            what the code or a test that changed since the last run is new to, and
                                                   the rest as it was found then`;

/** What to mutate, and how; `null`: help was asked for. Throws, with a sentence, on what is in no part. */
function readArguments(args: string[]): ({ paths: string[] } & Effort) | null {
  const flag = { type: 'boolean', default: false } as const;
  const options = { help: { type: 'boolean', short: 'h' }, again: flag, quick: flag } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (values.help) return null;
  for (const path of positionals) areaFor(path);
  const paths = positionals.length > 0 ? positionals : AREAS.map((area) => area.path);
  return { paths, again: values.again, quick: values.quick };
}

async function main(args: string[]): Promise<number> {
  let asked: ReturnType<typeof readArguments>;
  try {
    asked = readArguments(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    return 1;
  }
  if (asked === null) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  let good = true;
  for (const path of asked.paths) good = (await report(path, asked)) && good;
  return good ? 0 : 1;
}

process.chdir(root);
// Crons are read in local time; Cloudflare's is UTC.
process.env.TZ = 'UTC';
// A machine may have no `ps`, which Stryker needs on Linux: then ours is found, last on the path.
process.env.PATH = [process.env.PATH, join(import.meta.dirname, 'bin')].join(delimiter);
process.exitCode = await main(process.argv.slice(2));
