// Every route is where it must be: in the README, in the door's list, and in the list of what is answered. A route that is open
// to all is named here.

import { expect, it } from 'vitest';
import readme from '../../README.md?raw';
import { app } from '../../src/web/app.ts';
import answered from './app.test.ts?raw';
import guarded from './door.test.ts?raw';

const OPEN = ['/healthz', '/robots.txt', '/share/:project/:until/:signature'];

/** The routes as they are written, those of JSON as the file that is asked for. */
const routes = [...new Set(app.routes.map(({ path }) => path))]
  .filter((path) => !path.includes('*'))
  .map((path) => path.replace(/:file\{.*\}$/, ':id.json').replace(/\{.*?\}/g, ''));

/** The paths in the list of this name, at the top of a test. */
const listed = (test: string, name: string) => {
  const [, list = ''] =
    new RegExp(`const ${name} = \\[(.*?)\\n\\]|const ${name}[^=]*= \\[(.*?)\\n\\]`, 's').exec(test) ?? [];
  return [...list.matchAll(/'(\/[^']*)'/g)].map(([, path = '']) => path);
};
const fits = (route: string) => {
  const pattern = route
    .replace(/[.]/g, '\\.')
    .replace(/:branch/g, '.+')
    .replace(/:\w+/g, '[^/]+');
  return (path: string) => new RegExp(`^${pattern}$`).test(path);
};

it('there are some', () => {
  expect(routes).toContain('/runs/:id.json');
  expect(routes.length).toBeGreaterThan(12);
});

it.each(routes.filter((route) => !OPEN.includes(route)))(
  '%s is in the list of what the door guards',
  (route) => {
    expect(listed(guarded, 'GUARDED').some(fits(route))).toBe(true);
  },
);

it.each(routes.filter((route) => !/^\/(go|share)\//.test(route)))(
  '%s is in the list of what is answered',
  (route) => {
    expect(listed(answered, 'ROUTES').some(fits(route))).toBe(true);
  },
);

it.each(routes.filter((route) => route !== '/robots.txt'))('%s is in the README', (route) => {
  const rows = [...readme.matchAll(/^\| (`\/[^|]*) \|/gm)].flatMap(([, cell = '']) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return names.map((name) => (name === '.json' ? `${names[0]}.json` : name));
  });
  const bare = (path: string) => path.replace(/:\w+/g, ':x');
  expect(rows.map(bare)).toContain(bare(route));
});
