// Which rule applies to which project. Pure.

import type { Project } from '../src/pages-api/model.ts';
import { type Rule, ruleFor } from '../src/policy/rules.ts';
import { projectWarnings } from '../src/policy/warnings.ts';

/** The rules beside the account's projects. */
export interface Matching {
  /** By rule, in order: the projects that follow it. */
  readonly byRule: readonly (readonly Project[])[];
  /** Projects that no rule matches: neither touched nor shown. */
  readonly unmatched: readonly Project[];
  /** What of the rules never takes effect, in sentences. */
  readonly idle: readonly string[];
}

/** Matches every project with the first rule that takes it. */
export function matchRules(projects: readonly Project[], rules: readonly Rule[]): Matching {
  const followed = (rule: Rule | null) => projects.filter(({ name }) => ruleFor(name, rules) === rule);
  const names = projects.map(({ name }) => name);
  return {
    byRule: rules.map(followed),
    unmatched: followed(null),
    idle: projectWarnings(rules, names).map(({ text }) => text),
  };
}
