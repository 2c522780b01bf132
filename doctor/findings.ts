// Everything that was found out, and the doctor's conclusion from it. Pure.

import type { Config } from '../src/config/config.ts';
import type { Project } from '../src/pages-api/model.ts';
import { namedCrons } from '../src/policy/warnings.ts';
import { plural } from '../src/words/text.ts';
import type { Credential } from './credentials.ts';
import type { FirstRun, MonthlyBuilds } from './first-runs.ts';
import type { Matching } from './matching.ts';
import { deletionsOf, type ProjectPlan } from './project-plan.ts';
import { brokenCrons, FREE_BUILDS } from './schedule.ts';
import type { Settings } from './settings.ts';

/** What the settings say, before anything is asked. */
export interface Configured {
  readonly config: Config;
  readonly settings: Settings;
  readonly now: number;
}

/** The account, once its projects could be listed. */
export interface Account {
  readonly projects: readonly Project[];
  /** Projects that the list has and that could not be read from it. */
  readonly unread: number;
  readonly matching: Matching;
  readonly plans: readonly ProjectPlan[];
  readonly runs: readonly FirstRun[];
  readonly monthly: MonthlyBuilds;
  /** Calls per ms that the API allows. */
  readonly rate: number;
}

/** `must` stands in the way of a first run that does what the settings say; `mind` is good to know. Sentences. */
export interface Conclusion {
  readonly must: readonly string[];
  readonly mind: readonly string[];
}

/** Bytes that a variable may hold, and crons that an account may have, on Workers Free. */
export const FREE = { variable: 5_120, crons: 5 };

/** The size of `RULES` as it is stored, in bytes. */
export function sizeOfRules({ env }: Settings): number {
  const { RULES: rules = '' } = env;
  return new TextEncoder().encode(typeof rules === 'string' ? rules : JSON.stringify(rules)).length;
}

/** What the settings alone lead to. */
export function concludeSettings({ config, settings }: Configured, secrets: readonly string[]): Conclusion {
  const must: string[] = [];
  const mind: string[] = [...config.warnings];
  const { crons } = settings;
  must.push(...settings.misplaced);
  if (config.rules.length === 0) must.push('RULES is empty: nothing is shown, rebuilt or deleted.');
  if (sizeOfRules(settings) > FREE.variable)
    must.push('RULES is larger than a variable may be: use globs, fewer rules.');
  const { STATUS_PAGE: page = '' } = settings.env;
  if (config.buildLogs && page !== 'password' && page !== 'access')
    mind.push(
      'BUILD_LOGS is on and shows nothing: only STATUS_PAGE "password" and "access" show build logs.',
    );
  if (crons === null)
    must.push('[triggers] is left out: name the crons, or nobody knows when anything would run.');
  if (crons?.length === 0) must.push('[triggers] has no cron: nothing would ever run.');
  must.push(...brokenCrons(crons ?? []));
  for (const { cron, at } of namedCrons(config.rules)) {
    if (crons !== null && !crons.includes(cron))
      must.push(`${at} is "${cron}", which [triggers] lacks: it would never act.`);
  }
  if (crons !== null && crons.length > FREE.crons) {
    mind.push(`${plural(crons.length, 'cron')}: Workers Free has ${FREE.crons} for the whole account.`);
  }
  for (const name of settings.plain.filter((each) => secrets.includes(each))) {
    must.push(
      `${name} stands in [vars], for everybody to read: take it out, and run npx wrangler secret put ${name}.`,
    );
  }
  return { must, mind };
}

/** What the credentials lead to. `refused`: why the projects could not be listed. */
export function concludeCredential(credential: Credential, refused: string | null): Conclusion {
  const must: string[] = [];
  const { status, writes } = credential;
  if (status !== null && status !== 'active')
    must.push(`The API says that the token is ${status}: make a new one.`);
  if (writes === false)
    must.push('The token has no Pages Write (dashboard: Cloudflare Pages · Edit) for this account.');
  if (refused !== null) must.push('The projects of the account could not be listed.');
  return { must, mind: [] };
}

/** What the account as it is leads to. */
export function concludeAccount(
  { matching, plans, monthly, unread }: Account,
  { config }: Configured,
): Conclusion {
  const must: string[] = [];
  const mind = [...matching.idle];
  if (plans.length === 0 && config.rules.length > 0)
    must.push('No rule matches any project of this account.');
  if (unread > 0)
    must.push(`The project list is not whole: ${plural(unread, 'project')} of it could not be read.`);
  for (const plan of plans) {
    const { name } = plan.project;
    if (plan.reading?.kind === 'unread') {
      must.push(`${name}: its deployments could not be read whole (${plan.reading.why}).`);
      continue;
    }
    const { refusedWhy } = deletionsOf(plan, null);
    if (refusedWhy !== null) mind.push(`${name}: nothing of it would be deleted, ${refusedWhy}.`);
  }
  if (monthly.total > FREE_BUILDS) {
    mind.push(
      `${plural(monthly.total, 'build')} a month: Pages Free includes ${FREE_BUILDS} for the whole account. See ifOlderThanMinutes, ifChanged and REBUILDS_PER_MONTH.`,
    );
  }
  if (config.rebuildsPerMonth !== null && monthly.byProject.size > 0) {
    mind.push(
      'REBUILDS_PER_MONTH: what the Worker has started this month is not known here, and counts as none.',
    );
  }
  return { must, mind };
}

/** Several conclusions as one. */
export function join(...parts: readonly Conclusion[]): Conclusion {
  return { must: parts.flatMap(({ must }) => must), mind: parts.flatMap(({ mind }) => mind) };
}
