// How Node finds and reads what the tests import, as Vite would: `vitest` and `cloudflare:*` are ours, files of JSON and text are
// modules, the environment is the process's. Registered by runner.ts; imports nothing of it.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = (file: string) => new URL(file, import.meta.url).href;
const OURS: Readonly<Record<string, string>> = {
  vitest: here('tests.ts'),
  'cloudflare:test': here('storage.ts'),
  'cloudflare:workers': here('storage.ts'),
};

/** Has all that is imported from now on found so. */
export function register(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const ours = OURS[specifier];
      if (ours !== undefined) return { url: ours, shortCircuit: true };
      // What kind of file it is says its name: see below.
      return { ...next(specifier, context), importAttributes: {} };
    },
    load(url, context, next) {
      if (/\.json$|\?raw$/.test(url)) {
        const text = readFileSync(fileURLToPath(url), 'utf8');
        const value = url.endsWith('.json') ? text : JSON.stringify(text);
        return { format: 'module', source: `export default ${value};`, shortCircuit: true };
      }
      const found = next(url, context);
      if (!url.includes('/test/')) return found;
      return { ...found, source: String(found.source).replaceAll('import.meta.env', 'process.env') };
    },
  });
}
