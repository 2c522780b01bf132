// The version stands in two places: what the page shows must be what the package says.

import { expect, test } from 'vitest';
import manifest from '../../package.json';
import { VERSION } from '../../src/version.ts';

test('the page names the version of the package', () => {
  expect(VERSION).toBe(manifest.version);
});
