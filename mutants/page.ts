// The summary of a run for the terminal, and its section of docs/mutants.md. Pure; knows nothing of how it came about.
import type { Area } from './areas.ts';
import { SEED } from './chosen.ts';
import type { Summary, Survivor } from './report.ts';

const shown = (percent: number) => `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
const cut = (text: string, most = 100) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** What a run came to, and what survived it without a judgement: each with the line for judgements.json. */
export function asText(summary: Summary, whole: boolean): string {
  const { area, killed, timedOut, tried, mutants, score, unjudged, stale, late } = summary;
  const lines = [
    `${area.path}: ${killed + timedOut} of ${tried} mutants found (${mutants} in all), ${shown(score)}; asked for: ${area.target} %`,
    ...unjudged.flatMap(({ at, was, replacement, is }) => [
      `${at}  ${cut(was)}  ->  ${cut(replacement)}`,
      `    { "is": ${JSON.stringify(is)}, "kind": "", "why": "" }`,
    ]),
    ...late.map((where) => `never ended: ${cut(where)}`),
    // Of less than the whole part nobody knows.
    ...(whole ? stale : []).map(({ is }) => `judged, but not seen to survive: ${cut(is)}`),
  ];
  return `${lines.join('\n')}\n`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** As code in a cell of a table. */
function code(text: string): string {
  const shown = cut(text, 80).replaceAll('|', '\\|');
  return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}

function row({ at, was, replacement, judgement }: Survivor): string[] {
  const why = judgement ? `${judgement.kind}: ${judgement.why}` : '**not judged**';
  return [
    at.replace(/^src\/[\w-]+\//, ''),
    `${code(was)} → ${code(replacement)}`,
    why.replaceAll('|', '\\|'),
  ];
}

/** A part's section of the page. */
export function sectionOf(summary: Summary): string {
  const { area, mutants, tried, killed, timedOut, survivors, score, scoreOfReal } = summary;
  // A mutant that cannot even be loaded is none: those are not tried.
  const sample = area.permille === 1_000 ? `all ${tried}` : `${tried} of ${mutants}, seed ${SEED}`;
  const kinds = (kind: string) => survivors.filter(({ judgement }) => judgement?.kind === kind).length;
  const counts = table(
    [
      'mutants tried',
      'noticed',
      'never ended',
      'survived',
      'equivalent',
      'words only',
      'score',
      'without equivalents',
    ],
    [
      [
        sample,
        ...[killed, timedOut, survivors.length, kinds('equivalent'), kinds('words')].map(String),
        `**${shown(score)}**`,
        shown(scoreOfReal),
      ],
    ],
  );
  const list = table(['where', 'mutant', 'judgement'], survivors.map(row));
  return `## ${area.path}\n\n${counts}\n\n${survivors.length > 0 ? list : 'None survived.'}\n`;
}

/** The page with this part's section replaced, or added at its end. */
export function replaceSection(page: string, area: Area, section: string): string {
  const parts = page.split(/^(?=## )/m);
  const at = parts.findIndex((part) => part.startsWith(`## ${area.path}\n`));
  if (at === -1) return `${page.trimEnd()}\n\n${section}`;
  return parts
    .map((part, index) => (index === at ? `${section}${index < parts.length - 1 ? '\n' : ''}` : part))
    .join('');
}
