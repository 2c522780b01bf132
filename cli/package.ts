// Where the files of the package are, and how its commands are typed: in a clone Node reads our TypeScript as it stands, in a
// project that has the package installed it reads what was built of it. Reads nothing else.

import { join } from 'node:path';

const isClone = import.meta.filename.endsWith('.ts');

/** The folder with package.json and template/. */
export const PACKAGE = join(import.meta.dirname, isClone ? '..' : '../..');

/** How a command is typed: alone, and in front of options. */
export function typedAs(command: string): readonly [alone: string, withOptions: string] {
  return isClone
    ? [`npm run ${command}`, `npm run ${command} --`]
    : [`npx pages-keeper ${command}`, `npx pages-keeper ${command}`];
}
