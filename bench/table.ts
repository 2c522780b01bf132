// The one table: a figure, what was measured, its target, whether it is met. Pure; knows nothing of how things are measured.

/** One line. `met` `null`: there is no target. */
export interface Line {
  readonly figure: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean | null;
}

/** A line whose value may be at most so much. */
export function atMost(figure: string, value: number, most: number, unit = ''): Line {
  return {
    figure,
    measured: `${shown(value)}${unit}`,
    target: `≤ ${shown(most)}${unit}`,
    met: value <= most,
  };
}

/** A line whose value must be at least so much. */
export function atLeast(figure: string, value: number, least: number, unit = ''): Line {
  return {
    figure,
    measured: `${shown(value)}${unit}`,
    target: `≥ ${shown(least)}${unit}`,
    met: value >= least,
  };
}

/** A line without a target. */
export function told(figure: string, measured: string): Line {
  return { figure, measured, target: '', met: null };
}

/** 4,686 and 0.995 and 12.3: whole numbers with separators, others as exact as is useful. */
export function shown(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return value < 10 ? value.toFixed(value < 2 ? 3 : 2) : value.toFixed(1);
}

const answer = ({ met }: Line) => (met === null ? '' : met ? 'yes' : '**no**');

/** Cells as a Markdown table; the first column left, the others right. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** The lines for docs/benchmarks.md. */
export function asMarkdown(lines: readonly Line[]): string {
  const rows = lines.map((line) => [line.figure, line.measured, line.target, answer(line)]);
  return markdown(['figure', 'measured', 'target', 'met'], rows);
}

/** Cells for a terminal, in columns. */
export function asText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, index) =>
    Math.max(cell.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** The lines for a terminal. */
export function linesAsText(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.figure,
    line.measured,
    line.target,
    answer(line).replaceAll('*', ''),
  ]);
  return asText(['figure', 'measured', 'target', 'met'], rows);
}
