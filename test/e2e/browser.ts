// A real browser from npm alone: Chromium and its libraries come out of @sparticuz/chromium, nothing of the system's.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sparticuz, { inflate, setupLambdaEnvironment } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Starts Chromium. Off linux-x64 there is none on npm, and an installed Chrome is used. */
export async function launch(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return chromium.launch({ channel: 'chrome' });
  sparticuz.setGraphicsMode = false;
  // Unpacks once to the temporary folder.
  const executablePath = await sparticuz.executablePath();
  await inflate(join(import.meta.dirname, '../../node_modules/@sparticuz/chromium/bin/al2023.tar.br'));
  setupLambdaEnvironment(join(tmpdir(), 'al2023', 'lib'));
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}
