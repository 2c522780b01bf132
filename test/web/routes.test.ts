// Every route is in the one list of addresses that the tests try, and in the README.

import { expect, it } from 'vitest';
import readme from '../../README.md?raw';
import { app } from '../../src/web/app.ts';
import { ASKING, guarded, OPEN, pathsOf } from './paths.ts';

/** The routes as they are written, those of JSON as the file that is asked for. */
const routes = [...new Set(app.routes.map(({ path }) => path))]
  .filter((path) => !path.includes('*'))
  .map((path) => path.replace(/:file\{.*\}$/, ':id.json').replace(/\{.*?\}/g, ''));

const patternOf = (route: string) =>
  new RegExp(
    `^${route
      .replace(/[.]/g, '\\.')
      .replace(/:branch/g, '.+')
      .replace(/:\w+/g, '[^/.]+')}$`,
  );

it('there are some', () => {
  expect(routes).toContain('/runs/:id.json');
  expect(routes.length).toBeGreaterThan(12);
});

it.each(routes.filter((route) => !route.startsWith('/share/')))('%s is in the list of paths.ts', (route) => {
  expect(
    [...pathsOf(guarded(), OPEN), ...ASKING].filter((path) =>
      patternOf(route).test(path.replace(/\?.*/, '')),
    ),
  ).toHaveLength(1);
});

it.each(routes.filter((route) => route !== '/robots.txt'))('%s is in the README', (route) => {
  const rows = [...readme.matchAll(/^\| (`\/[^|]*) \|/gm)].flatMap(([, cell = '']) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return names.map((name) => (name === '.json' ? `${names[0]}.json` : name));
  });
  const bare = (path: string) => path.replace(/:\w+/g, ':x');
  expect(rows.map(bare)).toContain(bare(route));
});
