// The shipped Worker's size, as `wrangler deploy` would upload it, and its start-up, as `wrangler check startup` tells it.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { quietEnvironment } from '../simulator/dev.ts';

/** Bytes, and ms of start-up: the least of some (`null`: it could not be measured here). */
export interface BundleFigures {
  readonly bytes: number;
  readonly compressed: number;
  readonly startupMs: number | null;
}

const ROOT = join(import.meta.dirname, '..');
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
const STARTS = 3;
const run = promisify(execFile);

async function startup(folder: string): Promise<number | null> {
  // Quieter than this, it does not say what it measured.
  const env = { ...quietEnvironment(process.env), WRANGLER_LOG: 'log' };
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const args = [WRANGLER, 'check', 'startup', '--outfile', join(folder, 'startup.cpuprofile')];
    try {
      const { stdout } = await run(process.execPath, args, { cwd: ROOT, env });
      const active = /Active: ([\d.]+) ms/.exec(stdout)?.[1];
      if (active !== undefined) times.push(Number(active));
    } catch {
      return null;
    }
  }
  return times.length === 0 ? null : Math.min(...times);
}

/** Bundles the Worker without deploying it. */
export async function measureBundle(): Promise<BundleFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'pages-keeper-bench-'));
  try {
    const args = [WRANGLER, 'deploy', '--dry-run', '--outdir', folder];
    await run(process.execPath, args, { cwd: ROOT, env: quietEnvironment(process.env) });
    const bundle = readFileSync(join(folder, 'index.js'));
    return { bytes: bundle.length, compressed: gzipSync(bundle).length, startupMs: await startup(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
