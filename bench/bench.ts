// `npm run bench`: measures what the README promises, prints one table, writes docs/benchmarks.md. Takes some minutes; touches
// nothing but that file and temporary folders (`--large`: these alone). Must not decide anything about the figures (lines.ts) or
// how they look (table.ts).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quietEnvironment } from '../simulator/dev.ts';
import { drainAccount } from './account.ts';
import { measureBundle } from './bundle.ts';
import { measureSlices } from './cpu.ts';
import { accountLines, countedLines, type Figures, measuredLines } from './lines.ts';
import { openSql } from './node-sql.ts';
import { measurePages } from './page-figures.ts';
import { measureRefs } from './refs.ts';
import { PEER_HEAD, peerRows, report } from './report.ts';
import { startRuntime } from './runtime.ts';
import { asText, linesAsText } from './table.ts';

const USAGE = `Measures size, start-up, CPU, calls and rows written against the targets, in some minutes.

  npm run bench                prints one table and writes docs/benchmarks.md
  npm run bench -- --large     drains two large accounts instead, 200,000 and 1,000,000
                               deployments, in virtual time, and prints what that took: hours`;

const started = Date.now();
const say = (line: string) =>
  process.stderr.write(`${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${line}\n`);
Object.assign(process.env, quietEnvironment(process.env), { WRANGLER_LOG: 'error' });

async function measure(): Promise<Figures> {
  say('the Worker’s size and start-up');
  const bundle = await measureBundle();
  const fresh = await startRuntime();
  say('page views');
  const pages = await measurePages(fresh);
  say('10,000 branches');
  const refs = await measureRefs(fresh);
  await fresh.stop();
  const second = await startRuntime();
  say('CPU of slices, against bare loops');
  const slices = await measureSlices(second, say);
  await second.stop();
  const untracedRuntime = await startRuntime({ traced: false });
  say('the same, without wrangler’s trace collector');
  const untraced = await measureSlices(untracedRuntime, say);
  await untracedRuntime.stop();
  const third = await startRuntime();
  const virtual = async <
    K extends 'scenario' | 'large' | 'quiet' | 'quietRows' | 'views' | 'peers' | 'branches' | 'projects',
  >(
    name: K,
    what: string,
  ) => {
    say(`virtual time: ${what}`);
    return third.json<Figures[K]>(name, `/virtual/${name}`);
  };
  const scenario = await virtual('scenario', '5,000 deployments');
  const quiet = await virtual('quiet', 'a rebuild tick over 50 projects');
  const views = await virtual('views', '1,000 page views');
  const peers = await virtual('peers', 'side by side with two other Workers');
  const quietRows = await virtual('quietRows', 'a quiet tick over 100 projects with both rules');
  const branches = await virtual('branches', 'a project of 20,000 branches');
  const projects = await virtual('projects', '1,000 projects');
  const large = await virtual('large', '50,000 deployments');
  await third.stop();
  return {
    bundle,
    pages,
    refs,
    slices,
    untraced,
    scenario,
    quiet,
    quietRows,
    views,
    peers,
    branches,
    projects,
    large,
  };
}

async function bench(): Promise<void> {
  const figures = await measure();
  const counted = countedLines(figures);
  const measured = measuredLines(figures);
  process.stdout.write(`\n${linesAsText([...counted, ...measured])}\n\n`);
  process.stdout.write(`${asText(PEER_HEAD, peerRows(figures.peers))}\n\n`);
  const file = join(import.meta.dirname, '../docs/benchmarks.md');
  writeFileSync(file, report({ figures, counted, measured, seconds: (Date.now() - started) / 1_000 }));
  const missed = [...counted, ...measured].filter(({ met }) => met === false).length;
  say(
    `${missed === 0 ? 'every target is met' : `${missed} targets are not met`}; written to docs/benchmarks.md`,
  );
}

/** What is too large for every day. */
async function benchLarge(): Promise<void> {
  for (const [projects, deployments] of [
    [4, 50_000],
    [1_000, 1_000],
  ] as const) {
    say(`virtual time: ${projects.toLocaleString('en')} × ${deployments.toLocaleString('en')} deployments`);
    const figures = await drainAccount(openSql(), { projects, deployments });
    process.stdout.write(`\n${linesAsText(accountLines(figures))}\n\n`);
  }
}

/** What to measure; `null`: whoever asks for help, or for what there is not, gets a text and nothing is measured. */
function whatIsAsked(args: string[]): (() => Promise<void>) | null {
  const options = { help: { type: 'boolean', short: 'h' }, large: { type: 'boolean' } } as const;
  try {
    const { values } = parseArgs({ args, options });
    if (!values.help) return values.large ? benchLarge : bench;
    process.stdout.write(`${USAGE}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    process.exitCode = 1;
  }
  return null;
}

await whatIsAsked(process.argv.slice(2))?.();
