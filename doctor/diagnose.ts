// The examination, section by section: each is printed as soon as it is known, since a large account takes minutes.

import { SECRETS } from '../src/config/names.ts';
import { isApiError } from '../src/pages-api/errors.ts';
import type { Project } from '../src/pages-api/model.ts';
import { keepFor } from '../src/policy/facts.ts';
import { type Rule, ruleFor } from '../src/policy/rules.ts';
import { count } from '../src/words/text.ts';
import { deploymentsSection, listSection, rulesSection } from './account-section.ts';
import type { DoctorApi } from './api.ts';
import { apiSection, concludeApi } from './api-section.ts';
import type { Behaviour } from './behaviour.ts';
import { examine } from './credentials.ts';
import {
  type Account,
  type Configured,
  concludeAccount,
  concludeCredential,
  concludeSettings,
  join,
} from './findings.ts';
import { firstRuns, monthlyBuilds, type RunOptions } from './first-runs.ts';
import { askGit } from './git.ts';
import { concludeGit, gitSection } from './git-section.ts';
import { matchRules } from './matching.ts';
import type { Printer } from './printer.ts';
import { needsReading, type ProjectPlan, planProject } from './project-plan.ts';
import type { Fetch } from './read-only.ts';
import { type Listing, readDeployments, readProjects } from './reading.ts';
import { firstRunsSection, rebuildsSection, verdictSection } from './runs-section.ts';
import { configurationSection, credentialsSection } from './settings-section.ts';

// Pages between two lines about how far a large project is.
const PROGRESS_PAGES = 20;

/** What the examination works with. `clock` is asked when a reading begins; all verdicts are as of `configured.now`. */
export interface Tools {
  readonly api: DoctorApi;
  /** Asks Git servers, and only reads. */
  readonly git: Fetch;
  readonly printer: Printer;
  readonly clock: () => number;
  readonly list: boolean;
  readonly rate: () => number;
  readonly behaviour: () => Behaviour;
}

/** Examines the account and prints what it finds; `true`: ready. Throws `PagesApiError` where nothing more can be asked. */
export async function diagnose(configured: Configured, tools: Tools): Promise<boolean> {
  const { config, now } = configured;
  const { api, printer } = tools;
  const section = (lines: readonly string[]) => printer.print([...lines, '']);
  section(configurationSection(configured));
  const credential = await examine(api, config);
  const listing = await list(api);
  const refused = 'refused' in listing ? listing.refused : null;
  section(credentialsSection(credential, refused));
  const known = join(concludeSettings(configured, SECRETS), concludeCredential(credential, refused));
  if ('refused' in listing) {
    printer.print(verdictSection(known, null, { config, now, rate: tools.rate() }));
    return false;
  }
  const matching = matchRules(listing.projects, config.rules);
  const plans = await planAll(configured, tools, listing.projects);
  const options = runOptions(configured, listing.calls);
  const account: Account = {
    projects: listing.projects,
    unread: listing.unread,
    matching,
    plans,
    runs: firstRuns(plans, options),
    monthly: monthlyBuilds(plans, options),
    rate: tools.rate(),
  };
  section(rulesSection(account, config.rules));
  section(deploymentsSection(account));
  if (tools.list) section(listSection(account, now));
  const git = await askGit(plans, configured, tools.git);
  if (git.length > 0) section(gitSection(git));
  section(rebuildsSection(account));
  section(firstRunsSection(account, configured));
  const behaviour = tools.behaviour();
  section(apiSection(behaviour, plans));
  const conclusion = join(
    known,
    concludeAccount(account, configured),
    concludeGit(git),
    concludeApi(behaviour, plans),
  );
  printer.print(verdictSection(conclusion, account.runs[0] ?? null, { config, now, rate: account.rate }));
  return conclusion.must.length === 0;
}

async function list(api: DoctorApi): Promise<Listing | { readonly refused: string }> {
  try {
    return await readProjects(api);
  } catch (error) {
    // A wrong account id may be a 404 as well; what is no answer at all says nothing about the credentials.
    if (!isApiError(error, 'unauthorized', 'rejected') && !(isApiError(error) && error.status === 404))
      throw error;
    return { refused: error.message };
  }
}

async function planAll(
  configured: Configured,
  tools: Tools,
  projects: readonly Project[],
): Promise<ProjectPlan[]> {
  const { config, now } = configured;
  const plans: ProjectPlan[] = [];
  for (const project of projects) {
    const rule = ruleFor(project.name, config.rules);
    if (rule === null) continue;
    const reading = needsReading(project, rule) ? await readOne(tools, project, rule) : null;
    const { dryRun, rebuildsPerMonth: monthlyLimit } = config;
    plans.push(planProject({ project, rule, reading, dryRun, monthlyLimit, now }));
  }
  return plans;
}

function readOne({ api, clock, printer }: Tools, project: Project, rule: Rule) {
  let pages = 0;
  return readDeployments(api, project, {
    keep: keepFor(rule.prune),
    now: clock,
    onPage(read, of) {
      pages += 1;
      const so = `${count(read)}${of === null ? '' : ` of ${count(of)}`} deployments`;
      if (pages % PROGRESS_PAGES === 0) printer.progress(`Reading ${project.name}: ${so} …`);
    },
  });
}

function runOptions({ config, settings, now }: Configured, listCalls: number): RunOptions {
  return {
    crons: [...new Set(settings.crons)],
    now,
    maxDeletes: config.maxDeletesPerRun,
    monthlyLimit: config.rebuildsPerMonth,
    listCalls,
  };
}
