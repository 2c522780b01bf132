// A Stryker checker that lets a sample of the mutants through: the others are not run and count for nothing. A mutant is in the
// sample or not by its own text, so that it stays so when its code moves to another line or file. Stryker loads this itself.
import { readFileSync } from 'node:fs';
import { type CheckResult, CheckStatus } from '@stryker-mutator/api/check';
import type { Mutant } from '@stryker-mutator/api/core';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { isChosen } from './chosen.ts';
import { mutantText } from './report.ts';

const permille = Number(process.env.MUTANTS_PERMILLE ?? '1000');
const sources = new Map<string, string>();

function sourceOf(file: string): string {
  const source = sources.get(file) ?? readFileSync(file, 'utf8');
  sources.set(file, source);
  return source;
}

function check(mutant: Mutant): CheckResult {
  // A mutant that does not compile is what Stryker counts for nothing.
  return isChosen(mutantText(mutant, sourceOf(mutant.fileName)), permille)
    ? { status: CheckStatus.Passed }
    : { status: CheckStatus.CompileError, reason: 'not in the sample' };
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Checker, 'sample', {
    init: async () => {},
    group: async (mutants: Mutant[]) => [mutants.map(({ id }) => id)],
    check: async (mutants: Mutant[]) =>
      Object.fromEntries(mutants.map((mutant) => [mutant.id, check(mutant)])),
  }),
];
