// What a person reads when something is wrong has its row in docs/troubleshooting.md, in the same words. Reads the sources as
// text: whoever adds a sentence adds a row, or says here that nobody needs help with it.

import { describe, expect, test } from 'vitest';
import document from '../../docs/troubleshooting.md?raw';
import { AILMENTS } from '../../src/policy/health.ts';
import { turnedAwayMessage } from '../../src/web/html/message.ts';

const all = import.meta.glob<string>('../../{src,doctor}/**/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const WITH_SENTENCES = [
  /^src\/(keeper|policy)\//,
  /^src\/web\/html\/(message|notices|month|sparkline)\.ts$/,
  /^src\/web\/model\/(answer|run-words)\.ts$/,
  /^doctor\/(findings|settings|dev-vars|doctor|reading|api-section|settings-section)\.ts$/,
];
const files = Object.entries(all)
  .map(([path, source]) => ({ path: path.replace('../../', ''), source }))
  .filter(({ path }) => WITH_SENTENCES.some((part) => part.test(path)));

/** Sentences that say themselves what is to be done, or that stand beside others which have a row. */
const NEEDS_NO_HELP = [
  // Said when all is well, or by the way.
  'the API accepts the credentials again',
  ': the scheduled build succeeded',
  ': production is up to date',
  'the last production build',
  'Nothing has been read yet.',
  'What you see is as of',
  'It is tried again when somebody looks, and at the next run',
  'Nothing would be deleted',
  'Refused by the API',
  'expired, on a stale branch',
  'no clear answer from the API; being looked for',
  'an unknown row stands below a known one',
  'API limit used up',
  'Only reads: no request but GET is ever sent',
  'shapes only. Read it before you send it to anybody',
  '(What `npx wrangler secret put` stored cannot be read back: here secrets stand in .dev.vars.)',
  'to fix first; nothing was asked',
  'for the whole account',
  'what the Worker has started this month is not known here, and counts as none',
  'not seen: no deployments were read',
  'not newest first, on',
  'not those of the rows on',
  'and they match the rows',
  'in the lists of',
  'true: plans and shows, changes nothing',
  'KB that a variable may have',
  'found: its Pages projects were listed',
  'yes, it just did',
  'yes: e-mail and Global API key were taken',
  'the API calls this',
  'yes: it was taken (the check of tokens did not answer for it)',
  'yes by its own policies: Pages Write (Cloudflare Pages · Edit) for this account',
  // The body below a title that has a row.
  'then continue by themselves. Rebuilds and this page go on.',
  'Rebuilds, deletions and fresh data wait until then and continue by themselves.',
  'Each run says why',
  'on, though work was waiting. It goes on now; the log may say why it stopped.',
  'every cron has missed its time. Are they set in [triggers], and is that deployed?',
  // Why a plan is made again, which nobody is told.
  'it was made for another account',
  'the rules have changed',
  'another deployment is live',
  'its deployments were read too long ago',
  'its deployments are known otherwise',
  'nothing is known of it',
  'the project has another name',
  'another branch is production',
  'what is live was read too long ago',
  'its repository was asked again',
  'with the permission "Account · Cloudflare Pages · Edit"',
];

const plain = (text: string) => text.replace(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
const known = plain(document.replaceAll('`', ''));
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

// Text in quotes; a template with what is put into it, one level of braces deep.
const LITERAL = /'((?:[^'\\\n]|\\.)*)'|(?<!html)`((?:[^`\\]|\\.)*)`/g;
// Markup is what stands below a title: it says itself what to do.
const MARKUP = /html`(?:[^`\\$]|\\.|\$(?!\{)|\$\{(?:[^{}`]|\{[^{}]*\}|`[^`]*`)*\})*`/g;
const PUT_IN = /\$\{(?:[^{}]|\{[^{}]*\})*\}|<[^>]*>/;
const CODE = /^(SELECT|INSERT|UPDATE|DELETE|CREATE|COMMIT)\b|\$\{|=>|sqlite_/;
const EDGE = /^[\s.,:;("]+|[\s.,:;("]+$/g;

/** The sentences in a source: of each text of four words or more its longest part that is always the same. */
function sentencesIn(source: string): string[] {
  const texts = [...withoutComments(source).replaceAll(MARKUP, '').matchAll(LITERAL)].map(
    ([, quoted, template]) => quoted ?? template ?? '',
  );
  return texts
    .filter((text) => !CODE.test(text.replaceAll(new RegExp(PUT_IN, 'g'), '')))
    .map((text) => text.replaceAll("\\'", "'").replaceAll(/\s+/g, ' ').split(PUT_IN))
    .map((parts) => parts.toSorted((a, b) => b.length - a.length)[0] ?? '')
    .map((part) => part.replaceAll(EDGE, ''))
    .filter((part) => part.split(' ').length >= 4);
}

const isThere = (sentence: string) =>
  known.includes(sentence) || NEEDS_NO_HELP.some((one) => one.includes(sentence) || sentence.includes(one));

describe('docs/troubleshooting.md', () => {
  const sentences = files.flatMap(({ path, source }) =>
    sentencesIn(source).map((sentence) => [path, sentence] as const),
  );

  test('is held to more than a few texts', () => {
    expect(sentences.length).toBeGreaterThan(80);
    const planted = `f(\`the list of \${name} could not be read (HTTP 500)\`)`;
    expect(sentencesIn(planted)).toEqual(['could not be read (HTTP 500)']);
    expect(isThere('a sentence that nobody has written down')).toBe(false);
  });

  test('has a row for each', () => {
    const missing = sentences.filter(([, sentence]) => !isThere(sentence));
    expect(missing, 'add a row to docs/troubleshooting.md, or a line to NEEDS_NO_HELP').toEqual([]);
  });

  test('has no text that needs no help and is not there any more', () => {
    const gone = NEEDS_NO_HELP.filter(
      (one) => !sentences.some(([, sentence]) => one.includes(sentence) || sentence.includes(one)),
    );
    expect(gone).toEqual([]);
  });

  test.each([...AILMENTS, 'starting', 'config'])('has a row for %s of /healthz', (reason) => {
    expect(document).toMatch(new RegExp(`^\\| \`${reason}\` \\| (503|200) \\|`, 'm'));
  });

  test.each(['closed', 'password', 'access', 'share'] as const)(
    'has a row for who is turned away: %s',
    (why) => {
      expect(document).toContain(`| \`${turnedAwayMessage(why).title}\` | 40`);
    },
  );

  const events = Object.values(all).flatMap((source) =>
    [...source.matchAll(/event: '([a-z-]+)'/g)].map(([, event = '']) => event),
  );
  test.each([...new Set(events)].toSorted())('has a row for the log’s %s', (event) => {
    const log = document.split('\n## The log\n')[1]?.split('\n## ')[0] ?? '';
    expect(log.includes(`\`${event}\``)).toBe(true);
  });
});
