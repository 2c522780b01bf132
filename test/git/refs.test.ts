// The reader of refs: what it makes of any answer, whole, cut or made up.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGreeting, readRefs } from '../../src/git/refs.ts';
import { Wanted } from '../../src/git/wanted.ts';
import { bytesOf, commit, GREETING, heads, line, oldAnswer, refsAnswer } from './answers.ts';

const met = (text: string, ...names: string[]) =>
  [...readRefs(bytesOf(text), new Wanted(names)).met.keys()].sort();
const NAME = fc.stringMatching(/^[a-zA-Z0-9äÖé%._-]{1,12}(\/[a-z0-9A-Z]{1,70})?$/);

describe('a whole answer', () => {
  const refs = [
    ...heads('main', 'Feature/Search', 'x%2Fy'),
    { name: 'refs/tags/v1', commit: commit(9) },
    { name: 'HEAD', commit: commit(1) },
  ];

  it.each([
    ['version 2', (names: string[]) => readRefs(bytesOf(refsAnswer(refs)), new Wanted(names))],
    [
      'the old way',
      (names: string[]) => {
        const greeting = readGreeting(bytesOf(oldAnswer(refs)), new Wanted(names));
        return greeting.kind === 'old' ? greeting.heads : null;
      },
    ],
  ])('in %s: branches are met, each with its commit; tags and HEAD are none', (_, read) => {
    const found = read(['main', 'feature/search', 'x/y', 'v1', 'HEAD', 'gone']);
    expect(found?.whole).toBe(true);
    expect(found?.count).toBe(3);
    expect([...(found?.met.keys() ?? [])]).toEqual(['main', 'feature/search', 'x/y']);
    expect(found?.met.get('feature/search')).toEqual({ name: 'Feature/Search', commit: commit(2) });
    expect(found?.first.map(({ name }) => name)).toEqual(['main', 'Feature/Search', 'x%2Fy']);
  });

  it('a name of 60 letters may be a cut one, a shorter one is not', () => {
    const long = 'a'.repeat(70);
    expect(met(refsAnswer(heads(long)), long.slice(0, 60), long.slice(0, 59))).toEqual([long.slice(0, 60)]);
  });

  it('names are the same in any letters, composed or not, and percent-encoded', () => {
    const answer = refsAnswer(heads('U\u0308bersetzung', 'Fix', 'a%20b', '100%'));
    expect(met(answer, 'übersetzung', 'FIX', 'a b', '100%', 'ubersetzung')).toEqual(
      ['übersetzung', 'FIX', 'a b', '100%'].sort(),
    );
  });

  it('of two branches that are the same, the one that is written the same is met', () => {
    const wanted = new Wanted(['main']);
    for (const names of [
      ['Main', 'main'],
      ['main', 'Main'],
    ])
      expect(readRefs(bytesOf(refsAnswer(heads(...names))), wanted).met.get('main')?.name).toBe('main');
  });

  it('an empty repository has no branches', () => {
    const greeting = readGreeting(bytesOf(oldAnswer([])), new Wanted(['main']));
    expect(greeting).toMatchObject({ kind: 'old', heads: { count: 0, whole: true } });
  });
});

describe('what is not whole', () => {
  it('an answer that is cut anywhere is never whole, and holds nothing that was not there', () => {
    fc.assert(
      fc.property(fc.uniqueArray(NAME, { minLength: 1, maxLength: 8 }), fc.nat(), (names, cut) => {
        for (const answer of [refsAnswer(heads(...names)), oldAnswer(heads(...names))]) {
          const bytes = bytesOf(answer);
          const part = bytes.subarray(0, cut % bytes.length);
          const wanted = new Wanted([...names, 'never there 1', 'never-there-2']);
          const found = readRefs(part, wanted);
          expect(found.whole, 'cut').toBe(false);
          for (const name of found.met.keys()) expect(names).toContain(name);
          const greeting = readGreeting(part, wanted);
          if (greeting.kind === 'old') expect(greeting.heads.whole).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('any bytes at all are read to some end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, begun) => {
        const given = begun ? new Uint8Array([...bytesOf(line('version 1\n')), ...bytes]) : bytes;
        expect(typeof readRefs(given, new Wanted(['main'])).whole).toBe('boolean');
        expect(typeof readGreeting(given, new Wanted(['main'])).kind).toBe('string');
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['something behind the end', `${refsAnswer(heads('main'))}${line('more\n')}`],
    ['a delimiter for the end', `${line(`${commit(1)} refs/heads/main\n`)}0001`],
    ['a line that is no ref', `${line('ERR access denied\n')}0000`],
    ['a commit that is none', `${line(`${'z'.repeat(40)} refs/heads/main\n`)}0000`],
    ['a page of HTML', '<!DOCTYPE html><html></html>'],
    ['a length that is none', `-00f${'x'.repeat(11)}0000`],
  ])('%s', (_, answer) => {
    expect(readRefs(bytesOf(answer), new Wanted(['main'])).whole).toBe(false);
  });

  it('a server that says an error, or no ls-refs, is not read', () => {
    const service = `${line('# service=git-upload-pack\n')}0000`;
    const read = (text: string) => readGreeting(bytesOf(text), new Wanted([]));
    expect(read(GREETING)).toEqual({ kind: 'version-2', objectFormat: 'sha1' });
    expect(read(`${service}${line('ERR no such repository\n')}0000`)).toMatchObject({ kind: 'unread' });
    expect(read(`${service}${line('version 2\n')}${line('fetch\n')}0000`)).toMatchObject({ kind: 'unread' });
    expect(read(GREETING.slice(0, -4))).toMatchObject({ kind: 'unread' });
  });
});

it('over random branches and names that are looked for, the same are met as by plain comparison', () => {
  const fold = (name: string) => {
    const plain = name.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    });
    return plain.normalize('NFC').toLowerCase().normalize('NFC');
  };
  fc.assert(
    fc.property(
      fc.uniqueArray(NAME, { maxLength: 20 }),
      fc.uniqueArray(NAME, { maxLength: 9 }),
      (all, other) => {
        const looked = [...new Set([...all.slice(0, 5).map((name) => name.toUpperCase()), ...other])];
        const same = looked.filter((name) =>
          all.some((head) =>
            fold(name).length >= 60 ? fold(head).startsWith(fold(name)) : fold(head) === fold(name),
          ),
        );
        expect(met(refsAnswer(heads(...all)), ...looked)).toEqual(same.sort());
      },
    ),
    { numRuns: 500 },
  );
});
