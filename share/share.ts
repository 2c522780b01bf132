// The command share: prints a link to one project's page that ends by itself. Asks nobody and stores nothing: the link is signed
// with SHARE_KEY from .dev.vars, which must be the Worker's own.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { typedAs } from '../cli/package.ts';
import { readDevVars, shown, UnreadableSettings } from '../doctor/dev-vars.ts';
import { FILES, filesOf } from '../doctor/options.ts';
import { readSettings } from '../doctor/settings.ts';
import { readRules } from '../src/config/config.ts';
import { readEntrances } from '../src/config/door.ts';
import { type Rule, ruleFor } from '../src/policy/rules.ts';
import { hookPath } from '../src/web/auth/hook.ts';
import { endOf, sharePath } from '../src/web/auth/share.ts';
import { utc } from '../src/words/time.ts';

const [, run] = typedAs('share');

const USAGE = `Prints a link that shows one project, and nothing else, to whoever has it.

  ${run} --project docs --until 2027-01-01
  ${run} --project docs --until 2027-01-01 --url https://pages-keeper.example.workers.dev
  ${run} --project docs --until 2027-01-01 --badge          its badge alone, to be published in a README
  ${run} --project docs --until 2027-01-01 --vars FILE      reads SHARE_KEY from FILE instead of .dev.vars
  ${run} --project docs --until 2027-01-01 --config FILE    reads RULES from FILE as wrangler's configuration
  ${run} --project docs --until 2027-01-01 --env NAME       reads that environment of it, and .dev.vars.NAME where that is there

  ${run} --hook --project docs           an address that a CMS calls to have it built, signed with HOOK_KEY
  ${run} --hook --project docs --branch staging

It works with every STATUS_PAGE, closed included. It ends at 00:00 UTC of that day; all links end when SHARE_KEY changes.`;

const OPTIONS = {
  project: { type: 'string' },
  until: { type: 'string' },
  url: { type: 'string', default: '' },
  hook: { type: 'boolean', default: false },
  branch: { type: 'string' },
  badge: { type: 'boolean', default: false },
  ...FILES,
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const WHERE = '(put it behind the Worker’s URL, or give --url)';

/** What is missing, and a key to begin with. */
function noKey(file: string, name: 'SHARE_KEY' | 'HOOK_KEY' = 'SHARE_KEY'): string[] {
  return [
    `No ${name} of 32 characters or more in ${file}.`,
    'Make one, and give it to the Worker and to this command:',
    '',
    `  echo '${name}=${randomBytes(32).toString('base64url')}' >> .dev.vars`,
    `  npx wrangler secret put ${name}        (paste the same)`,
  ];
}

/** What an address is for: what a rule must say for it, why there is none that does, and what comes of that. */
const PURPOSES = {
  show: {
    does: 'shows it',
    isSet: (rule: Rule) => rule.show,
    why: (project: string) => `shows "${project}": show is false.`,
    so: 'The link shows nothing.',
  },
  build: {
    does: 'has it built when asked for',
    isSet: (rule: Rule) => rule.rebuild?.hook === true,
    why: (project: string) => `has "${project}" built when asked for: rebuild.hook is not true.`,
    so: 'The address builds nothing.',
  },
};

/** Whether there is such a project to be shown or built, by the rules in the files; they may not be the ones that are deployed. */
function doubtsAbout(
  project: string,
  { config, ...files }: ReturnType<typeof filesOf>,
  { does, isSet, why, so }: (typeof PURPOSES)['show'],
): string[] {
  if (config === null)
    return [`Note: there is no wrangler configuration here, so whether a rule ${does} is not known.`];
  try {
    const rules = readRules(readSettings({ config, ...files }).env);
    const rule = rules === null ? null : ruleFor(project, rules);
    if (rules === null || (rule !== null && isSet(rule))) return [];
    const none = rule === null ? `matches "${project}". Is that its name?` : why(project);
    return [`Note: no rule in ${shown(config)} ${none} ${so}`];
  } catch (error) {
    if (!(error instanceof UnreadableSettings)) throw error;
    return [`Note: whether a rule ${does} is not known: ${error.message}`];
  }
}

/** An address that has a build asked for, by whoever has it. */
async function hook(
  project: string,
  { branch, url }: { branch?: string | undefined; url: string },
  files: ReturnType<typeof filesOf>,
): Promise<{ lines: string[]; code: 0 | 1 }> {
  const key = readEntrances(readDevVars(files.vars) ?? {}).hookKey;
  if (key === null) return { lines: noKey(files.vars, 'HOOK_KEY'), code: 1 };
  const path = await hookPath(key, project, branch ?? null);
  const what = `POST to it asks for a build of ${branch === undefined ? '' : `${branch} of `}${project}. It ends with HOOK_KEY alone.`;
  const lines = [`${url.replace(/\/+$/, '')}${path}`, ...(url === '' ? [WHERE] : []), what];
  return { lines: [...lines, ...doubtsAbout(project, files, PURPOSES.build)], code: 0 };
}

async function link(args: readonly string[]): Promise<{ lines: string[]; code: 0 | 1 }> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { project, until, url } = values;
  const files = filesOf(values);
  const { vars } = files;
  if (values.help) return { lines: [USAGE], code: 0 };
  if (values.hook && project !== undefined) return hook(project, values, files);
  if (project === undefined || until === undefined) return { lines: [USAGE], code: 1 };
  const end = endOf(until);
  if (end === null) return { lines: [`--until: must be a date such as 2027-01-01; got ${until}`], code: 1 };
  if (end <= Date.now()) return { lines: [`--until: ${until} is over: the link would not work`], code: 1 };
  const key = readEntrances(readDevVars(vars) ?? {}).shareKey;
  if (key === null) return { lines: noKey(vars), code: 1 };
  const path = await sharePath(key, project, until, values.badge ? 'badge' : 'share');
  const where = url === '' ? [WHERE] : [];
  return {
    lines: [
      `${url.replace(/\/+$/, '')}${path}`,
      ...where,
      values.badge
        ? `The badge of ${project} until ${utc(end)}, and grey from then on. It opens nothing else.`
        : `Shows ${project} until ${utc(end)}.`,
      ...doubtsAbout(project, files, PURPOSES.show),
    ],
    code: 0,
  };
}

/** The command: prints the link, or what is missing for one. Gives the exit code. */
export async function share(args: readonly string[]): Promise<number> {
  try {
    const { lines, code } = await link(args);
    process[code === 0 ? 'stdout' : 'stderr'].write(`${lines.join('\n')}\n`);
    return code;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    return 1;
  }
}
