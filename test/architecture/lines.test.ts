// Line ends are LF on every machine: a Git that writes CRLF (Windows, as it is installed there) would break the linter, the
// tests and the documents.

import { expect, test } from 'vitest';
import attributes from '../../.gitattributes?raw';

const sources = import.meta.glob<string>(
  ['../../{src,doctor,share,simulator,setup}/**/*.{ts,mjs}', '../../docs/*.md'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);

test('Git is told so', () => {
  expect(attributes).toMatch(/^\* text=auto eol=lf$/m);
});

test('and no file has others', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  expect(Object.entries(sources).flatMap(([path, text]) => (text.includes('\r') ? [path] : []))).toEqual([]);
});
