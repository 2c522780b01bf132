// A real browser from npm alone: Chromium, its libraries and a font come out of @sparticuz/chromium, nothing of the system's.
// It is unpacked beside that package, so it goes when the package does; never into a folder that others share.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import { whileLocked } from '../../setup/lock.mjs';

const PACKAGE = join(import.meta.dirname, 'node_modules/@sparticuz/chromium');
const UNPACKED = join(import.meta.dirname, 'node_modules/.chromium');

/** Its own names folders that are another machine's. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** Unpacks all of it into `folder`. The package itself knows of the folder for temporary files only. */
async function unpack(folder: string): Promise<void> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    const packed = readdirSync(join(PACKAGE, 'bin')).filter((name) => !name.startsWith('swiftshader'));
    await Promise.all(packed.map((name) => inflate(join(PACKAGE, 'bin', name))));
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
  writeFileSync(join(folder, 'fonts/fonts.conf'), FONTS);
}

/** The folder with the browser of this version, whole: what was ended in the middle never gets that name. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const folder = join(UNPACKED, version);
  if (existsSync(folder)) return folder;
  mkdirSync(UNPACKED, { recursive: true });
  const lock = join(UNPACKED, 'lock');
  return whileLocked(lock, async () => {
    if (existsSync(folder)) return folder;
    const left = readdirSync(UNPACKED).filter((name) => name !== basename(lock));
    for (const name of left) rmSync(join(UNPACKED, name), { recursive: true });
    const begun = mkdtempSync(join(UNPACKED, 'begun-'));
    await unpack(begun);
    renameSync(begun, folder);
    return folder;
  });
}

/** Starts Chromium. Off linux-x64 there is none on npm, and an installed Chrome is used. */
export async function launch(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return chromium.launch({ channel: 'chrome' });
  const folder = await unpacked();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}
