// Which version an answer names, and which of two is the newer.

import { expect, test } from 'vitest';
import { isNewer, versionIn } from '../../src/policy/version.ts';

test.each([
  ['1.2.3', '1.2.3'],
  [' 1.2.3\n', '1.2.3'],
  ['{"name":"pages-keeper","version":"10.0.1"}', '10.0.1'],
  ['1.2', null],
  ['1.2.3-beta.1', null],
  ['{"version":"<b>1.2.3</b>"}', null],
  ['{"version":123}', null],
  ['{"version":["1.2.3"]}', null],
  ['1.20.30', '1.20.30'],
  ['v1.2.3', null],
  ['1.2.3.4', null],
  ['null', null],
  ['<!DOCTYPE html>', null],
  ['', null],
])('%j names %j', (answer, version) => expect(versionIn(answer)).toBe(version));

test.each([
  ['1.2.4', '1.2.3', true],
  ['1.10.0', '1.9.9', true],
  ['2.0.0', '1.99.99', true],
  ['1.2.3', '1.2.3', false],
  ['1.2.3', '1.3.0', false],
  ['0.9.9', '1.0.0', false],
])('%s is newer than %s: %j', (a, b, newer) => expect(isNewer(a, b)).toBe(newer));
