// What of the rules never takes effect, in sentences: for the page, the log and the doctor. Pure.

import { matchesGlobs, NO_CRON, type Rule, ruleFor } from './rules.ts';

/** A sentence about one rule, by its place in `RULES`. */
export interface Warning {
  readonly rule: number;
  readonly text: string;
}

/**
 * Rules and globs that match none of these projects, and rules that an earlier one leaves nothing. A `!glob` that takes nothing
 * out is told as well: it may be the misspelt name of the one project that was to be spared.
 */
export function projectWarnings(rules: readonly Rule[], projects: readonly string[]): Warning[] {
  return rules.flatMap((rule, index) => {
    const warn = (text: string): Warning => ({ rule: index, text: `RULES[${index}]${text}` });
    const matched = projects.filter((name) => matchesGlobs(name, rule.projects));
    if (matched.length === 0) return [warn(' matches no project.')];
    if (!matched.some((name) => ruleFor(name, rules) === rule)) {
      return [warn(' never applies: an earlier rule matches all its projects.')];
    }
    return rule.projects
      .filter((glob) => !projects.some((name) => matchesGlobs(name, [glob.replace(/^!/, '')])))
      .map((glob) => warn(`.projects: "${glob}" matches no project.`));
  });
}

/** Crons that a rule names and that have not ticked. `ticked`: those that have; where none has, nothing is said. */
export function cronWarnings(rules: readonly Rule[], ticked: readonly string[]): Warning[] {
  if (ticked.length === 0) return [];
  const silent = namedCrons(rules).filter(({ cron }) => !ticked.includes(cron));
  return rules.flatMap((_, index) => {
    const crons = new Set(silent.filter(({ rule }) => rule === index).map(({ cron }) => cron));
    return [...crons].map((cron) => ({
      rule: index,
      text: `RULES[${index}] waits for the cron "${cron}", which has not ticked yet: is it in [triggers]?`,
    }));
  });
}

/** A cron that a rule names. */
export interface NamedCron {
  readonly cron: string;
  readonly rule: number;
  /** Where: `RULES[0].prune[1].cron`. */
  readonly at: string;
}

/** The crons that the rules name: every one must be in `[triggers]`, or what waits for it never happens. */
export function namedCrons(rules: readonly Rule[]): NamedCron[] {
  return rules.flatMap((rule, index) => {
    const named = (part: string, cron: string | null | undefined): NamedCron[] =>
      cron == null || cron === NO_CRON ? [] : [{ cron, rule: index, at: `RULES[${index}].${part}.cron` }];
    const many = rule.prune.length > 1;
    return [
      ...named('rebuild', rule.rebuild?.cron),
      ...rule.prune.flatMap(({ cron }, place) => named(`prune${many ? `[${place}]` : ''}`, cron)),
    ];
  });
}
