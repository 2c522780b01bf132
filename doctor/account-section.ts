// The account beside the rules: who follows which, what would go and why the rest stays, in lines for a terminal. Pure.

import type { Rule } from '../src/policy/rules.ts';
import { deletes, REASONS, type Reason } from '../src/policy/verdict.ts';
import { count, list, plural } from '../src/words/text.ts';
import { span } from '../src/words/time.ts';
import { describeReason } from '../src/words/verdicts.ts';
import type { Account } from './findings.ts';
import { deletionsOf, keptBy, type ProjectPlan } from './project-plan.ts';
import { table } from './table.ts';

/** "Rules": the projects that follow each, and those that follow none. */
export function rulesSection({ matching, projects }: Account, rules: readonly Rule[]): string[] {
  const rows = rules.map((rule, index) => {
    const followers = (matching.byRule[index] ?? []).map(({ name }) => name);
    return [`RULES[${index}]`, JSON.stringify(rule.projects), named(followers)];
  });
  const rest = named(matching.unmatched.map(({ name }) => name));
  return [
    `Rules, for ${plural(projects.length, 'project')}`,
    ...table([...rows, ['no rule', 'neither touched nor shown', rest]]),
  ];
}

const named = (names: readonly string[]) =>
  names.length === 0 ? 'no project' : `${plural(names.length, 'project')}: ${list(names, 12)}`;

/** "Deployments": by project, how many would go, and why the rest stays. */
export function deploymentsSection({ plans }: Account): string[] {
  const whole = plans.filter(({ reading }) => reading?.kind === 'whole');
  const totals = (numbers: number[]) => count(numbers.reduce((sum, n) => sum + n, 0));
  const seen = REASONS.filter((reason) => plans.some((plan) => keptBy(plan).has(reason)));
  return [
    'Deployments, and how many of them would go',
    ...table([
      ['', 'all', 'would go', 'stay'],
      ...plans.map(rowOf),
      ['total', totals(whole.map(sizeOf)), totals(whole.map((plan) => deletionsOf(plan, null).goes.length))],
    ]),
    ...seen.filter((reason) => !deletes(reason)).map((reason) => `    ${reason}: ${describeReason(reason)}`),
  ];
}

const sizeOf = ({ reading }: ProjectPlan) => (reading?.kind === 'whole' ? reading.rows.length : 0);

function rowOf(plan: ProjectPlan): string[] {
  const { project, rule, reading } = plan;
  if (reading === null) return [project.name, '?', '0', 'all: its rule neither prunes nor builds it'];
  if (reading.kind === 'unread') return [project.name, '?', '?', `could not be read whole: ${reading.why}`];
  const { goes, expired, refusedWhy } = deletionsOf(plan, null);
  const kept = keptBy(plan);
  const reasons = REASONS.flatMap((reason: Reason) => {
    const stay = kept.get(reason);
    return stay === undefined ? [] : [`${reason} ${count(stay)}`];
  });
  if (refusedWhy !== null) reasons.push(`expired ${count(expired)}, but the plan is refused: ${refusedWhy}`);
  else if (rule.dryRun && expired > 0) reasons.push(`expired ${count(expired)}, but its rule says dryRun`);
  return [project.name, count(sizeOf(plan)), count(goes.length), reasons.join(', ')];
}

/** `--list`: each deployment that would go, oldest first as a run deletes them. */
export function listSection({ plans }: Account, now: number): string[] {
  const rows = plans.flatMap((plan) =>
    deletionsOf(plan, null)
      .goes.map(({ deployment }) => deployment)
      .sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))
      .map(({ id, branch, createdAt, url }) => [
        plan.project.name,
        id,
        branch,
        createdAt === null ? '' : span(now - createdAt),
        url,
      ]),
  );
  return [`Each deployment that would go (${count(rows.length)})`, ...table(rows)];
}
