// The command doctor: asks the API, changes nothing, says what the first run would do. Ends with 0 when all is ready, else with 1.
//
// settings -> configuration -> credentials -> projects -> deployments -> what a run would do -> verdict. Decides nothing itself:
// the verdicts are the Worker's own functions (src/policy), and so is the rule of when a list is known to be whole.

import { existsSync, writeFileSync } from 'node:fs';
import { ConfigError, readConfig } from '../src/config/config.ts';
import { SECRETS } from '../src/config/names.ts';
import { isApiError } from '../src/pages-api/errors.ts';
import { VERSION } from '../src/version.ts';
import { plural } from '../src/words/text.ts';
import { clock, utc } from '../src/words/time.ts';
import { createDoctorApi } from './api.ts';
import { deployProblems, deploySection } from './deploy-check.ts';
import { shown, UnreadableSettings } from './dev-vars.ts';
import { diagnose } from './diagnose.ts';
import type { Configured } from './findings.ts';
import { aboutNewest } from './newest.ts';
import { observed } from './observe.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { paced } from './paced.ts';
import { createPrinter } from './printer.ts';
import { terminal } from './prompt.ts';
import { readOnly, readOnlyOfGit } from './read-only.ts';
import { notReady } from './runs-section.ts';
import { readSettings, type Settings } from './settings.ts';
import { strangersSettings as completed } from './stranger.ts';
import { createWatch } from './watch.ts';

const printer = createPrinter(
  (text) => process.stdout.write(text),
  (text) => process.stderr.write(text),
);
const now = Date.now;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function main(options: Options): Promise<number> {
  printer.print([
    `Pages Keeper, doctor: ${utc(now())}. Only reads: no request but GET is ever sent to the API.`,
    '',
  ]);
  if (options.record !== null && existsSync(options.record)) {
    printer.print([
      notReadyLine(`${shown(options.record)} is there already: name another file for --record.`),
    ]);
    return 1;
  }
  let settings: Settings | null = null;
  try {
    settings =
      options.config === null
        ? await strangersSettings(options)
        : readSettings({ ...options, config: options.config });
    printer.hide(SECRETS.map((name) => settings?.env[name]));
    const config = readConfig(settings.env);
    return (await examineAccount({ config, settings, now: now() }, options)) ? 0 : 1;
  } catch (error) {
    printer.print(inWords(error, settings));
    return 1;
  }
}

/** Where there is no project: what is needed to look at an account all the same. */
function strangersSettings({ vars }: Options): Promise<Settings> {
  const say = (line: string) => printer.print([line, '']);
  return completed({
    vars,
    environment: process.env,
    ask: terminal(),
    say,
    hide: printer.hide,
    fetch: readOnly(fetch),
    now,
    sleep,
  });
}

/** Asks the API, and writes the record of its answers where one is wanted, however far that came. */
async function examineAccount(configured: Configured, { list, record }: Options): Promise<boolean> {
  const { config } = configured;
  const watch = createWatch(config.apiBaseUrl);
  const watched = readOnly(observed(fetch, watch.see));
  const { fetch: limited, rate } = paced({ fetch: watched, now, sleep, free: config.simulated });
  const api = createDoctorApi({ fetch: limited, config, now, sleep });
  const { behaviour } = watch;
  const newer = await aboutNewest(readOnly(fetch), config.updateUrl);
  if (newer !== null) printer.print([newer, '']);
  try {
    const git = readOnlyOfGit(fetch);
    return await diagnose(configured, { api, git, list, printer, clock: now, rate, behaviour });
  } finally {
    if (record !== null) {
      writeFileSync(record, watch.record(VERSION), { flag: 'wx' });
      printer.print(['', `Written to ${shown(record)}: shapes only. Read it before you send it to anybody.`]);
    }
  }
}

/** `--settings`: looks at wrangler's configuration alone. */
function checkSettings({ config, env }: Options): number {
  if (config === null) {
    printer.print(['There is no wrangler.jsonc, wrangler.json or wrangler.toml here.']);
    return 1;
  }
  try {
    const problems = deployProblems(readSettings({ config, env, vars: null }));
    printer.print(deploySection(problems, shown(config)));
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UnreadableSettings)) throw error;
    printer.print([error.message]);
    return 1;
  }
}

function misconfigured({ problems }: ConfigError, missing: string | null): string[] {
  const sentences = problems.map(({ path, message }) => `${path}: ${message}`);
  const must = missing === null ? sentences : [missing, ...sentences];
  const secret = problems.some(({ path }) => SECRETS.includes(path));
  return [
    'Configuration',
    ...must.map((line) => `  ${line}`),
    ...(secret
      ? ['  (What `npx wrangler secret put` stored cannot be read back: here secrets stand in .dev.vars.)']
      : []),
    '',
    `Not ready: ${plural(must.length, 'thing')} to fix first; nothing was asked.`,
  ];
}

/** What went wrong, for the person who can mend it. What nobody foresaw is thrown on. */
function inWords(error: unknown, settings: Settings | null): string[] {
  if (error instanceof UnreadableSettings)
    return ['Configuration', `  ${error.message}`, '', ...notReady([error.message])];
  if (error instanceof ConfigError) return misconfigured(error, settings?.missing ?? null);
  if (isApiError(error, 'blocked')) {
    const until = clock(error.retryAt ?? now(), now());
    return [
      '',
      notReadyLine(
        `the API takes no more calls from this user or token until ${until} (HTTP ${error.status}). Run this again then.`,
      ),
    ];
  }
  if (isApiError(error))
    return ['', notReadyLine(`the API gave no answer that could be used: ${error.message}.`)];
  throw error;
}

const notReadyLine = (why: string) => `Not ready: ${why}`;

/** The command. Gives the exit code. */
export function doctor(args: readonly string[]): Promise<number> | number {
  try {
    const options = readOptions(args);
    if (!options.help) return options.settings ? checkSettings(options) : main(options);
    printer.print(USAGE.split('\n'));
    return 0;
  } catch (error) {
    printer.print([error instanceof Error ? error.message : String(error), '', ...USAGE.split('\n')]);
    return 1;
  }
}
