// What became of the mutants, as numbers and as a page. Pure: results, sources and judgements in, text out; runs nothing.
import type { Area } from './areas.ts';

interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is used of a mutant; lines and columns count from 0. */
export interface Mutated {
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** A mutant after its run. */
export interface Outcome extends Mutated {
  readonly status: string;
}

/** Why a survivor is none to worry about, or what is missing. */
export interface Judgement {
  /** The mutant's code, as `mutantText` gives it. */
  readonly is: string;
  /** `equivalent`: nobody can tell it from the original; `words`: only the words of a message or a log line are others. */
  readonly kind: 'equivalent' | 'words' | 'open';
  readonly why: string;
}

/** A mutant that no test noticed. */
export interface Survivor {
  /** `src/policy/verdict.ts:24`. */
  readonly at: string;
  readonly was: string;
  readonly is: string;
  readonly replacement: string;
  readonly judgement: Judgement | null;
}

/** A part's run. */
export interface Summary {
  readonly area: Area;
  /** Mutants in all, and those of them that were tried. */
  readonly mutants: number;
  readonly tried: number;
  /** Found by a failing test, and by never ending. */
  readonly killed: number;
  readonly timedOut: number;
  readonly survivors: readonly Survivor[];
  /** Where those stand that never ended: on a machine that is busy with other things it may be that alone. */
  readonly late: readonly string[];
  readonly unjudged: readonly Survivor[];
  /** Judgements of what was not seen to survive. */
  readonly stale: readonly Judgement[];
  /** Percent of the tried ones that were found; and the same without those that nobody can tell from the original. */
  readonly score: number;
  readonly scoreOfReal: number;
}

const flat = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The lines that a mutant touches, as they are with it, in one: that tells it from all others, wherever it stands. */
export function mutantText({ location: { start, end }, replacement }: Mutated, source: string): string {
  const lines = source.split('\n');
  const before = lines[start.line]?.slice(0, start.column) ?? '';
  const after = lines[end.line]?.slice(end.column) ?? '';
  return flat(`${before}${replacement}${after}`);
}

/** What stood there, in one line. */
export function originalText({ location: { start, end } }: Mutated, source: string): string {
  const lines = source.split('\n').slice(start.line, end.line + 1);
  lines.push((lines.pop() ?? '').slice(0, end.column));
  return flat(lines.join('\n').slice(start.column));
}

const placeOf = ({ fileName, location }: Mutated) => `${fileName}:${location.start.line + 1}`;

const percent = (part: number, whole: number) => (whole === 0 ? 100 : (100 * part) / whole);

/** Counts and judges the mutants of one part. `sources` and `judgements` by file name: the same line may stand in two. */
export function summarize(
  area: Area,
  outcomes: readonly Outcome[],
  sources: ReadonlyMap<string, string>,
  judgements: Readonly<Record<string, readonly Judgement[]>>,
): Summary {
  const count = (...statuses: string[]) => outcomes.filter(({ status }) => statuses.includes(status)).length;
  const survivors = outcomes
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map((mutant): Survivor => {
      const source = sources.get(mutant.fileName) ?? '';
      const is = mutantText(mutant, source);
      return {
        at: placeOf(mutant),
        was: originalText(mutant, source),
        is,
        replacement: flat(mutant.replacement),
        judgement: judgements[mutant.fileName]?.find((one) => one.is === is) ?? null,
      };
    });
  const killed = count('Killed');
  const timedOut = count('Timeout');
  const tried = killed + timedOut + survivors.length;
  const same = survivors.filter(({ judgement }) => judgement?.kind === 'equivalent').length;
  return {
    area,
    mutants: outcomes.length,
    tried,
    killed,
    timedOut,
    survivors,
    late: outcomes
      .filter(({ status }) => status === 'Timeout')
      .map((one) => `${placeOf(one)}  ${flat(one.replacement)}`),
    unjudged: survivors.filter(({ judgement }) => judgement === null),
    stale: Object.entries(judgements)
      .filter(([file]) => file.startsWith(`${area.path}/`))
      .flatMap(([, known]) => known)
      .filter((one) => !survivors.some(({ judgement }) => judgement === one)),
    score: percent(killed + timedOut, tried),
    scoreOfReal: percent(killed + timedOut, tried - same),
  };
}
