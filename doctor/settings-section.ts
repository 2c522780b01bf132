// What the settings and the credentials are, in lines for a terminal. Pure.

import { nextTick } from '../src/policy/schedule.ts';
import { plural } from '../src/words/text.ts';
import { clock } from '../src/words/time.ts';
import type { Credential } from './credentials.ts';
import { type Configured, FREE, sizeOfRules } from './findings.ts';
import { table } from './table.ts';

const kilobytes = (bytes: number) => (bytes / 1_024).toFixed(1);

/** "Configuration", once it is valid. */
export function configurationSection({ config, settings, now }: Configured): string[] {
  const ticks = (settings.crons ?? []).map((cron) => {
    const at = nextTick(cron, now);
    return `"${cron}"${at === null ? '' : `, next ${clock(at, now)}`}`;
  });
  const crons =
    settings.crons === null ? 'left out' : `${settings.crons.length} of the ${FREE.crons} on Workers Free`;
  const limit = (value: number | null) => (value === null ? 'no limit' : String(value));
  return [
    'Configuration',
    ...table([
      ['API', config.apiBaseUrl],
      ['account', config.accountId],
      ['DRY_RUN', config.dryRun ? 'true: plans and shows, changes nothing' : 'false: live'],
      [
        'RULES',
        `${plural(config.rules.length, 'rule')}, ${kilobytes(sizeOfRules(settings))} KB of the ${kilobytes(FREE.variable)} KB that a variable may have`,
      ],
      ['crons', [crons, ...ticks].join('; ')],
      [
        'limits',
        `MAX_DELETES_PER_RUN ${limit(config.maxDeletesPerRun)}, REBUILDS_PER_MONTH ${limit(config.rebuildsPerMonth)}, CONCURRENT_REBUILDS ${limit(config.concurrentRebuilds)}`,
      ],
    ]),
  ];
}

/** "Credentials". `refused`: why the projects could not be listed; `null`: they were. */
export function credentialsSection(credential: Credential, refused: string | null): string[] {
  return [
    'Credentials',
    ...table([
      ['valid', validity(credential, refused)],
      ['account', refused === null ? 'found: its Pages projects were listed' : `not seen: ${refused}`],
      ...(refused === null ? [] : [['', whyRefused(credential)]]),
      ['may read', refused === null ? 'yes, it just did' : 'not seen'],
      ['may write', refused !== null && credential.writes === null ? 'not seen' : writing(credential)],
    ]),
  ];
}

function validity({ kind, status, why, expiresOn }: Credential, refused: string | null): string {
  if (kind === 'key') return refused === null ? 'yes: e-mail and Global API key were taken' : 'not seen';
  if (status !== null) {
    const until = expiresOn === null ? '' : `, until ${expiresOn}`;
    return `${status === 'active' ? 'yes' : 'no'}: the API calls this ${kind} ${status}${until}`;
  }
  return refused === null
    ? 'yes: it was taken (the check of tokens did not answer for it)'
    : `no: ${why ?? refused}`;
}

function whyRefused({ kind, status }: Credential): string {
  if (kind === 'key')
    return 'CLOUDFLARE_EMAIL or CLOUDFLARE_API_KEY is wrong, or CLOUDFLARE_ACCOUNT_ID is another account';
  return status === 'active'
    ? 'the token lacks Account · Cloudflare Pages, or CLOUDFLARE_ACCOUNT_ID is another account than it is for'
    : 'CLOUDFLARE_API_TOKEN is not a token that the API knows: make one as README.md says';
}

function writing({ kind, writes }: Credential): string {
  if (writes === true)
    return 'yes by its own policies: Pages Write (Cloudflare Pages · Edit) for this account';
  if (writes === false)
    return 'no by its own policies: no Pages Write (Cloudflare Pages · Edit) for this account';
  const who = kind === 'key' ? "that depends on the user's role" : 'it may not read its own policies';
  return `not known: ${who}, and only a delete or a build would show it`;
}
