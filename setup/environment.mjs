// The environment of what we start: the user's own, with a place for whatever it wants to write that is not theirs.

import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Whether this folder could be written to, or made. @type {(folder: string) => boolean} */
function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    const missing = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT';
    return missing && dirname(folder) !== folder && isWritable(dirname(folder));
  }
}

/**
 * A folder for the temporary files of one command, which `remove` takes away with all that is in it. In the project's own folder
 * where the system's takes nothing.
 * @type {(root: string) => { folder: string; remove: () => void }}
 */
export function temporary(root) {
  const own = join(root, '.wrangler/tmp');
  const inside = isWritable(tmpdir()) ? tmpdir() : own;
  if (inside === own) mkdirSync(own, { recursive: true });
  const folder = mkdtempSync(join(inside, 'pages-keeper-'));
  return {
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  };
}

/**
 * Where programs keep their settings, and npm what it fetched, if not in a home that takes nothing.
 * @type {(env: NodeJS.ProcessEnv, ours: { root: string; folder: string }) => NodeJS.ProcessEnv}
 */
function home(env, { root, folder }) {
  /** @type {NodeJS.ProcessEnv} */
  const changed = {};
  const config = process.platform === 'darwin' ? 'Library/Preferences' : '.config';
  if (env.XDG_CONFIG_HOME === undefined && !isWritable(join(homedir(), config)))
    changed.XDG_CONFIG_HOME = join(root, '.wrangler/home');
  const cache = env.npm_config_cache ?? join(homedir(), '.npm');
  if (!isWritable(cache)) changed.npm_config_cache = join(folder, 'npm');
  return changed;
}

/**
 * @param {NodeJS.ProcessEnv} env the user's
 * @param {{ root: string; folder: string; node: string | null }} ours where the project and the temporary files are, and which Node
 * goes first on the PATH: `null` where it is the machine's
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(env, { root, folder, node }) {
  const path = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...env,
    ...home(env, { root, folder }),
    ...{ TMPDIR: folder, TMP: folder, TEMP: folder },
    // wrangler starts in three quarters of the time.
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(root, '.wrangler/compiled'),
    ...(node === null ? {} : { [path]: [dirname(node), env[path]].join(delimiter) }),
  };
}
