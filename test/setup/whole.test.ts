// Whether an install is taken for whole: never one that lacks what a command will look for.

import { describe, expect, test } from 'vitest';
import { isWhole, type Lock, type Platform } from '../../setup/whole.mjs';

const LINUX: Platform = { os: 'linux', cpu: 'x64', libc: 'glibc' };
const LOCK: Lock = {
  packages: {
    '': {},
    'node_modules/plain': { version: '1.0.0' },
    'node_modules/here': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
    'node_modules/musl': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    // Some packages name one instead of a list.
    'node_modules/mac': { version: '1.0.0', optional: true, os: 'darwin', cpu: 'arm64' },
    'node_modules/unix': { version: '1.0.0', optional: true, os: ['!win32'] },
    // Belongs to one that is not for this machine, and does not say so.
    'node_modules/of-wasm': { version: '1.0.0', optional: true },
  },
};
const names = ['plain', 'here', 'unix'];

const installed = (...packages: string[]): Lock => ({
  packages: Object.fromEntries(packages.map((name) => [`node_modules/${name}`, { version: '1.0.0' }])),
});

test('everything for this machine is there, and nothing for another', () => {
  expect(isWhole(LOCK, installed(...names), LINUX)).toBe(true);
  expect(isWhole(LOCK, installed(...names, 'of-wasm'), LINUX)).toBe(true);
});

describe('not whole is what', () => {
  test.each(names)('lacks %s', (missing) => {
    const rest = names.filter((name) => name !== missing);
    expect(isWhole(LOCK, installed(...rest), LINUX)).toBe(false);
  });

  test('was installed on another machine', () => {
    expect(isWhole(LOCK, installed(...names), { os: 'darwin', cpu: 'arm64', libc: '' })).toBe(false);
    expect(isWhole(LOCK, installed(...names), { ...LINUX, libc: 'musl' })).toBe(false);
  });

  test('has another version', () => {
    const other = {
      packages: { ...installed(...names).packages, 'node_modules/plain': { version: '0.9.0' } },
    };
    expect(isWhole(LOCK, other, LINUX)).toBe(false);
  });

  test('has a package that nobody asked for', () => {
    expect(isWhole(LOCK, installed(...names, 'stranger'), LINUX)).toBe(false);
  });

  test('is empty', () => {
    expect(isWhole(LOCK, {}, LINUX)).toBe(false);
  });
});
