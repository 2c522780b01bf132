// Columns for a terminal. Pure.

/** Rows as lines, two spaces between the columns; numbers stand right. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const shapes = Array.from({ length: columns }, (_, at) => {
    const cells = rows.map((row) => row[at] ?? '');
    return {
      width: Math.max(...cells.map(({ length }) => length)),
      // The first row may be the heading.
      numbers: cells.length > 1 && cells.slice(1).every((cell) => /^[\d,]+$|^\?$/.test(cell)),
    };
  });
  return rows.map((row) => {
    const cells = shapes.map(({ width, numbers }, at) =>
      numbers ? (row[at] ?? '').padStart(width) : (row[at] ?? '').padEnd(width),
    );
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}
