// Whether what is installed is what a lock file says. Pure: both files' contents in, an answer out.

/**
 * @typedef {object} Locked what a lock file says of one package
 * @property {string} [version]
 * @property {boolean} [optional]
 * @property {boolean} [link]
 * @property {string | string[]} [os]
 * @property {string | string[]} [cpu]
 * @property {string | string[]} [libc]
 *
 * @typedef {{ packages?: Record<string, Locked> }} Lock package-lock.json, or npm's own note of what it installed
 *
 * @typedef {object} Platform
 * @property {string} os as `process.platform`
 * @property {string} cpu as `process.arch`
 * @property {string} libc `glibc` or `musl`; elsewhere the empty string
 */

/** npm's rule: a list of names, or of names that are not meant (`!win32`). @type {(list: string | string[] | undefined, name: string) => boolean} */
function allows(list, name) {
  if (list === undefined) return true;
  const names = Array.isArray(list) ? list : [list];
  if (names.includes(`!${name}`)) return false;
  return names.includes(name) || names.every((each) => each.startsWith('!'));
}

/**
 * Whether a machine must have this package. What is optional and names no platform hangs on something that does: nobody can say.
 * @type {(locked: Locked, platform: Platform) => boolean}
 */
function isNeeded({ optional, os, cpu, libc }, platform) {
  if (!optional) return true;
  if (os === undefined && cpu === undefined) return false;
  return allows(os, platform.os) && allows(cpu, platform.cpu) && allows(libc, platform.libc);
}

/**
 * Whether everything that `lock` asks for on this platform is there, and nothing else.
 * @type {(lock: Lock, installed: Lock, platform: Platform) => boolean}
 */
export function isWhole(lock, installed, platform) {
  const [wanted, there] = [lock.packages ?? {}, installed.packages ?? {}];
  const isThere = (/** @type {string} */ path) =>
    there[path] !== undefined && there[path].version === wanted[path]?.version;
  return (
    Object.entries(wanted).every(
      ([path, locked]) => path === '' || isThere(path) || !isNeeded(locked, platform),
    ) && Object.keys(there).every(isThere)
  );
}
