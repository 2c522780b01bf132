// What of the configuration never takes effect, for the page and the log: policy/warnings.ts, asked with what is known. Reads only.

import { cronWarnings, projectWarnings } from '../../policy/warnings.ts';
import { readIndex } from '../store/overview-index.ts';
import type { View } from './view.ts';

/** The warnings about these rules, all by default. */
export function warningsOf({ config, work, store }: Omit<View, 'now'>, rules = config.rules): string[] {
  if (work.looked.checkedAt === null) return [];
  const names = readIndex(store).map(({ name }) => name);
  const warnings = [
    ...projectWarnings(config.rules, names),
    ...cronWarnings(config.rules, Object.keys(work.looked.ticks)),
  ];
  const ofRules = rules.flatMap((rule) => {
    const index = config.rules.indexOf(rule);
    return warnings.filter((warning) => warning.rule === index).map(({ text }) => text);
  });
  // Who sees some of the rules only is no operator, and has no use for the names of variables.
  return rules === config.rules ? [...config.warnings, ...untoldOf(work), ...ofRules] : ofRules;
}

/** Who could not be told. */
function untoldOf({ telling }: Pick<View['work'], 'telling'>): string[] {
  return Object.entries(telling.to).flatMap(([name, { why }]) =>
    why === null
      ? []
      : [`${name} did not take the last notice (${why}): it is tried again at the next tick.`],
  );
}
