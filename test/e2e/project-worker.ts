// A user's own project under the wrangler that it has installed, on what it stored before. Must leave no process behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { quietEnvironment } from '../../simulator/dev.ts';
import { until } from './dev-worker.ts';

/** A Worker that runs. */
export interface Worker {
  tick(cron: string): Promise<void>;
  json(path: string): Promise<Record<string, unknown>>;
  /** Resolves when all of it has ended. */
  stop(): Promise<void>;
}

/** Starts `wrangler dev` in a project; throws with what it printed where it does not start. */
export async function wranglerDev({
  project,
  wrangler,
  port,
}: {
  readonly project: string;
  readonly wrangler: string;
  readonly port: string;
}): Promise<Worker> {
  const args = [wrangler, 'dev', '--port', port, '--ip', '127.0.0.1', '--inspector-port', '0'];
  const env = {
    ...quietEnvironment(process.env),
    WRANGLER_REGISTRY_PATH: join(project, '.wrangler/registry'),
  };
  const child = spawn(process.execPath, args, {
    cwd: project,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = once(child, 'close');
  await until('wrangler is ready', () => {
    if (child.exitCode !== null) throw new Error(text);
    return text.includes('Ready on');
  });
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  return {
    async tick(cron) {
      const response = await ask(`/cdn-cgi/handler/scheduled?cron=${cron.replaceAll(' ', '+')}`);
      if (!response.ok) throw new Error(await response.text());
    },
    json: async (path) => (await (await ask(path)).json()) as Record<string, unknown>,
    async stop() {
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      await ended;
    },
  };
}
