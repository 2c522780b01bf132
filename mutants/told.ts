// A Stryker reporter that names each survivor when it is found: a part takes up to hours, and who waits can begin. Stryker loads
// this itself.
import type { MutantResult } from '@stryker-mutator/api/core';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** What is said of a mutant that was tried; `null` of one that was noticed. Stryker's lines count from 1. */
export function survivorLine({ status, fileName, location, replacement }: MutantResult): string | null {
  if (status !== 'Survived' && status !== 'NoCoverage' && status !== 'Timeout') return null;
  const { line, column } = location.start;
  return `${status}: ${fileName}:${line}:${column}  ${replacement.replace(/\s+/g, ' ').slice(0, 100)}\n`;
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Reporter, 'told', {
    onMutantTested(result: MutantResult) {
      const line = survivorLine(result);
      if (line !== null) process.stdout.write(line);
    },
  }),
];
