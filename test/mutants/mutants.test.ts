// The counting and the page of `npm run mutants`; what Stryker does is Stryker's to test.
import { describe, expect, it } from 'vitest';
import { areaOf } from '../../mutants/areas.ts';
import { isChosen } from '../../mutants/chosen.ts';
import { asText, replaceSection, sectionOf } from '../../mutants/page.ts';
import { type Judgement, mutantText, type Outcome, originalText, summarize } from '../../mutants/report.ts';
import { afterEach, test as declare, gather, gatheredTests, describe as group } from '../../mutants/tests.ts';

const FILE = 'src/policy/x.ts';
const SOURCE = ['function f(a: number) {', '  if (a > 0 &&', '    a < 9) return 1;', '  return 2;', '}'].join(
  '\n',
);
const PLAN = areaOf(FILE);

/** A mutant of that file: what stands from line and column to line and column, and what instead. */
function mutant(from: [number, number], to: [number, number], replacement: string, status: string): Outcome {
  const [start, end] = [from, to].map(([line, column]) => ({ line, column })) as [never, never];
  return { fileName: FILE, mutatorName: 'Any', replacement, location: { start, end }, status };
}

const CONDITION = mutant([1, 6], [2, 9], 'true', 'Survived');
const BOUND = mutant([1, 6], [1, 11], 'a >= 0', 'Survived');
const OUTCOMES = [
  CONDITION,
  BOUND,
  mutant([1, 6], [1, 11], 'a <= 0', 'Killed'),
  mutant([0, 23], [4, 1], '{}', 'Timeout'),
  mutant([3, 9], [3, 10], '3', 'CompileError'),
];
const judgedIn = (judgements: Record<string, Judgement[]>) => {
  if (!PLAN) throw new Error('no part');
  return summarize(PLAN, OUTCOMES, new Map([[FILE, SOURCE]]), judgements);
};
const judged = (...judgements: Judgement[]) => judgedIn({ [FILE]: judgements });
const EQUIVALENT: Judgement = { is: 'if (a >= 0 &&', kind: 'equivalent', why: 'a | b' };

describe('a mutant', () => {
  it('is known by the lines that it touches', () => {
    expect(mutantText(CONDITION, SOURCE)).toBe('if (true) return 1;');
    expect(originalText(CONDITION, SOURCE)).toBe('a > 0 && a < 9');
    expect(mutantText(BOUND, SOURCE)).toBe(EQUIVALENT.is);
    expect(originalText(BOUND, SOURCE)).toBe('a > 0');
  });

  it('belongs to a part', () => {
    expect(areaOf('src/policy')?.path).toBe('src/policy');
    expect(areaOf('src/planet.ts')).toBeNull();
  });
});

describe('a sample', () => {
  const texts = Array.from({ length: 10_000 }, (_, i) => `if (a > ${i}) return true;`);
  const sample = (permille: number, seed?: string) => texts.filter((text) => isChosen(text, permille, seed));

  it('is about as large as asked for, and always the same', () => {
    expect([0, 1_000].map((permille) => sample(permille).length)).toEqual([0, 10_000]);
    expect(sample(80).length).toBeGreaterThan(700);
    expect(sample(80).length).toBeLessThan(900);
    expect(sample(80)).toEqual(sample(80));
    expect(sample(80)).not.toEqual(sample(80, 'another'));
  });
});

describe('a run', () => {
  it('counts what was tried, and equivalents apart', () => {
    expect(judged(EQUIVALENT)).toMatchObject({ mutants: 5, tried: 4, killed: 1, timedOut: 1, score: 50 });
    expect(Math.round(judged(EQUIVALENT).scoreOfReal)).toBe(67);
  });

  it('names what never ended, for a busy machine is late with anything', () => {
    expect(asText(judged(), false)).toContain(`never ended: ${FILE}:1  {}\n`);
  });

  it('names survivors without a judgement, and judgements without a survivor', () => {
    const gone: Judgement = { is: 'gone', kind: 'open', why: '' };
    const { unjudged, stale } = judged(EQUIVALENT, gone);
    expect(unjudged.map(({ is }) => is)).toEqual(['if (true) return 1;']);
    expect(stale).toEqual([gone]);
    expect(asText(judged(gone), true)).toContain('"is": "if (true) return 1;"');
    expect(asText(judged(gone), true)).toContain('not seen to survive: gone');
    expect(asText(judged(gone), false)).not.toContain('gone');
  });

  it('judges a mutant in its own file only: the same line elsewhere is another', () => {
    const elsewhere = judgedIn({ 'src/policy/y.ts': [EQUIVALENT], 'src/keeper/x.ts': [EQUIVALENT] });
    expect(elsewhere.unjudged.map(({ is }) => is)).toContain(EQUIVALENT.is);
    // Of the files of other parts this run says nothing.
    expect(elsewhere.stale).toEqual([EQUIVALENT]);
    expect(judgedIn({ [FILE]: [EQUIVALENT], 'src/policy/y.ts': [{ ...EQUIVALENT }] }).stale).toHaveLength(1);
  });

  it('replaces its own section of the page only', () => {
    if (!PLAN) throw new Error('no part');
    const page = '# Mutants\n\n## src/keeper\n\nkept\n\n## src/policy\n\nold\n';
    const section = sectionOf(judged(EQUIVALENT));
    expect(section).toContain('| x.ts:2 | `a > 0` → `a >= 0` | equivalent: a \\| b |');
    const replaced = replaceSection(page, PLAN, section);
    expect(replaced).toBe(page.replace('## src/policy\n\nold\n', section));
    expect(replaceSection(replaced, PLAN, section)).toBe(replaced);
    expect(replaceSection('# Mutants\n', PLAN, section)).toBe(`# Mutants\n\n${section}`);
  });
});

describe('the tests of a part', () => {
  it('are gathered as they were written, each under a name of its own, and can be run again and again', async () => {
    const ran: unknown[] = [];
    await gather('test/x.test.ts', async () => {
      declare('one', () => ran.push('one'));
      group('a group', () => {
        afterEach(() => ran.push('after'));
        declare.each([
          [1, 'a'],
          [2, 'b'],
        ])('of %i', { timeout: 1 }, (...values: unknown[]) => ran.push(values));
        declare.runIf(false)('never', () => ran.push('never'));
        declare('fails', () => Promise.reject(new Error('no')), 5);
      });
      group.each(['x', 'y'])('%s', (value: unknown) => declare('one', () => ran.push(value)));
    });
    await gather('test/y.test.ts', async () => declare('one', () => ran.push('y.test')), 'new');
    const tests = gatheredTests();
    expect(tests.map(({ id }) => id)).toEqual([
      'test/x.test.ts one',
      'test/x.test.ts a group > of %i',
      'test/x.test.ts a group > of %i #1',
      'test/x.test.ts a group > fails',
      'test/x.test.ts %s > one',
      'test/x.test.ts %s > one #1',
      'test/y.test.ts new one',
    ]);
    const results = await Promise.allSettled(tests.map(async ({ run }) => run()));
    expect(results.map(({ status }) => status === 'rejected')).toEqual([
      ...[false, false, false],
      ...[true, false, false, false],
    ]);
    expect(ran.filter((one) => one === 'after')).toHaveLength(3);
    const expected = ['one', [1, 'a'], [2, 'b'], 'x', 'y', 'y.test'];
    expect(ran.filter((one) => one !== 'after')).toEqual(expected);
    await tests[0]?.run();
    expect(ran.at(-1)).toBe('one');
  });
});
