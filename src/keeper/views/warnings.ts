// What of the configuration never takes effect, in sentences: for the page and the log. Reads only.

import { matchesGlobs, type Rule, ruleFor } from '../../policy/rules.ts';
import { readOverview } from '../store/overview.ts';
import type { View } from './freshness.ts';

/** The warnings about these rules, all by default. */
export function warningsOf({ config, work, store }: Omit<View, 'now'>, rules = config.rules): string[] {
  if (work.checkedAt === null) return [];
  const names = Object.values(readOverview(store)).map(({ project }) => project.name);
  return rules.flatMap((rule) => {
    const at = `RULES[${config.rules.indexOf(rule)}]`;
    return [
      ...projectWarnings(rule, at, names, config.rules),
      ...cronWarnings(rule, at, Object.keys(work.ticks)),
    ];
  });
}

function projectWarnings(rule: Rule, at: string, names: readonly string[], rules: readonly Rule[]): string[] {
  const matched = names.filter((name) => matchesGlobs(name, rule.projects));
  if (matched.length === 0) return [`${at} matches no project.`];
  if (!matched.some((name) => ruleFor(name, rules) === rule)) {
    return [`${at} never applies: an earlier rule matches all its projects.`];
  }
  const idle = rule.projects.filter(
    (glob) => !glob.startsWith('!') && !names.some((name) => matchesGlobs(name, [glob])),
  );
  return idle.map((glob) => `${at}.projects: "${glob}" matches no project.`);
}

function cronWarnings(rule: Rule, at: string, ticks: readonly string[]): string[] {
  const crons = [rule.rebuild?.cron, ...rule.prune.map((policy) => policy.cron)];
  const silent = crons.filter(
    (cron) => typeof cron === 'string' && ticks.length > 0 && !ticks.includes(cron),
  );
  return silent.map(
    (cron) => `${at} waits for the cron "${cron}", which has not ticked yet: is it in [triggers]?`,
  );
}
