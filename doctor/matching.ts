// Which rule applies to which project, and what of the rules never takes effect. Pure.

import type { Project } from '../src/pages-api/model.ts';
import { matchesGlobs, type Rule, ruleFor } from '../src/policy/rules.ts';

/** The rules beside the account's projects. */
export interface Matching {
  /** By rule, in order: the projects that follow it. */
  readonly byRule: readonly (readonly Project[])[];
  /** Projects that no rule matches: neither touched nor shown. */
  readonly unmatched: readonly Project[];
  /** Sentences. */
  readonly idle: readonly string[];
}

/** Matches every project with the first rule that takes it. */
export function matchRules(projects: readonly Project[], rules: readonly Rule[]): Matching {
  const followed = (rule: Rule | null) => projects.filter(({ name }) => ruleFor(name, rules) === rule);
  const byRule = rules.map(followed);
  const names = projects.map(({ name }) => name);
  return {
    byRule,
    unmatched: followed(null),
    idle: rules.flatMap((rule, index) => idleParts(rule, index, names, byRule[index]?.length ?? 0)),
  };
}

function idleParts(rule: Rule, index: number, names: readonly string[], followers: number): string[] {
  const at = `RULES[${index}]`;
  if (!names.some((name) => matchesGlobs(name, rule.projects))) return [`${at} matches no project`];
  if (followers === 0) return [`${at} never applies: an earlier rule takes all its projects`];
  return rule.projects
    .filter((glob) => !names.some((name) => matchesGlobs(name, [glob.replace(/^!/, '')])))
    .map((glob) => `${at}.projects: "${glob}" matches no project`);
}

/** The crons that the rules name, each with where: every one must be in `[triggers]`, or what waits for it never happens. */
export function namedCrons(rules: readonly Rule[]): { readonly cron: string; readonly at: string }[] {
  return rules.flatMap((rule, index) => {
    const rebuild = { cron: rule.rebuild?.cron ?? null, at: `RULES[${index}].rebuild.cron` };
    const prune = rule.prune.map(({ cron }, place) => ({
      cron,
      at: `RULES[${index}].prune${rule.prune.length > 1 ? `[${place}]` : ''}.cron`,
    }));
    return [rebuild, ...prune].flatMap(({ cron, at }) => (cron === null ? [] : [{ cron, at }]));
  });
}
