// .dev.vars as wrangler reads it: by the version of dotenv that wrangler itself has within it, since Node's own `parseEnv` takes
// neither a byte order mark nor `KEY: value` nor a bare carriage return. Reads a file; knows no setting.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parse } from 'dotenv';

/** Thrown when a file cannot be read; the message says which, and why. */
export class UnreadableSettings extends Error {
  override readonly name = 'UnreadableSettings';
}

/** The variables in this file; `null`: it is not there. Throws `UnreadableSettings` where it is there and cannot be read. */
export function readDevVars(file: string): Record<string, string> | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new UnreadableSettings(`${shown(file)} cannot be read: ${message}`);
  }
  if (isUtf16(bytes)) {
    throw new UnreadableSettings(
      `${shown(file)} is stored as UTF-16, of which wrangler reads nothing: save it as UTF-8 (in Windows PowerShell, > writes UTF-16).`,
    );
  }
  return parse(bytes);
}

/** With a byte order mark, or with the zero byte that every plain letter then has. */
function isUtf16(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || bytes.includes(0);
}

/** A path as the reader knows it: from where they are. */
export function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith('..') ? file : path;
}
