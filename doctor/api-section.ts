// What the API was seen to do, next to what the client expects of it, in lines for a terminal; and what the client does where
// the two differ. Pure.

import { type Deployment, isSuccessful, outcomeOf } from '../src/pages-api/model.ts';
import { count, list, plural } from '../src/words/text.ts';
import type { Behaviour, Pages } from './behaviour.ts';
import type { Conclusion } from './findings.ts';
import type { ProjectPlan } from './project-plan.ts';
import { table } from './table.ts';

/** One thing that the client expects. `mind`: what it does where that is not so; `null`: it is so, or was not seen. */
interface Finding {
  readonly what: string;
  readonly seen: string;
  readonly mind: string | null;
}

/** What was looked at, in the order in which it is told. */
function findings(behaviour: Behaviour, plans: readonly ProjectPlan[]): Finding[] {
  return [
    order(behaviour.deployments),
    sizes(behaviour),
    totals(behaviour),
    limits(behaviour),
    embedded(plans),
    words(plans),
  ];
}

/** "The API": each thing and what was seen. */
export function apiSection(behaviour: Behaviour, plans: readonly ProjectPlan[]): string[] {
  const rows = findings(behaviour, plans).map(({ what, seen }) => [what, seen]);
  return [`The API, in ${plural(behaviour.answers, 'answer')}`, ...table(rows)];
}

/** What differs is worth knowing, and stands in nobody's way: the client was made for each of these. */
export function concludeApi(behaviour: Behaviour, plans: readonly ProjectPlan[]): Conclusion {
  return { must: [], mind: findings(behaviour, plans).flatMap(({ mind }) => mind ?? []) };
}

const fine = (what: string, seen: string): Finding => ({ what, seen, mind: null });
const notSeen = (what: string) => fine(what, 'not seen: no deployments were read');

function order({ read, disordered }: Pages): Finding {
  const what = 'order';
  if (read === 0) return notSeen(what);
  if (disordered === 0) return fine(what, `newest first, on ${plural(read, 'page')}`);
  const seen = `not newest first, on ${count(disordered)} of ${plural(read, 'page')}`;
  return {
    what,
    seen,
    mind: `The API lists deployments ${seen}: every id is remembered instead, for 20,000 deployments of a project at most; one with more is never pruned.`,
  };
}

function sizes({ projects, deployments }: Behaviour): Finding {
  const what = 'page sizes';
  const refused = [
    ...deployments.refused.map((size) => `${size} deployments`),
    ...projects.refused.map((size) => `${size} projects`),
  ];
  if (refused.length === 0) return fine(what, 'accepted');
  const pages = `pages of ${list(refused, 9)}`;
  const mind = `The API refuses ${pages}: smaller ones are read, which takes more calls.`;
  return { what, seen: `refused: ${pages}`, mind };
}

function totals({ projects, deployments }: Behaviour): Finding {
  const what = 'totals';
  const sum = (of: (pages: Pages) => number) => of(projects) + of(deployments);
  const pages = plural(
    sum(({ read }) => read),
    'page',
  );
  const without = sum(({ withoutTotals }) => withoutTotals);
  const wrong = sum(({ wrongTotals }) => wrongTotals);
  if (without === 0 && wrong === 0) return fine(what, `on ${pages}, and they match the rows`);
  const seen = [
    without > 0 ? `missing on ${count(without)} of ${pages}` : '',
    wrong > 0 ? `not those of the rows on ${count(wrong)} of ${pages}` : '',
  ].filter((part) => part !== '');
  return {
    what,
    seen: seen.join(', '),
    mind: `The API's totals are ${seen.join(', and ')}: a project whose totals do not add up is left alone.`,
  };
}

function limits({ projects, deployments, withoutLimits, limits: policies, remaining }: Behaviour): Finding {
  const what = 'limits';
  const said = policies.map(({ q, w }) => `${count(q)} calls in ${count(w / 1_000)} s`);
  const left = remaining === null ? '' : `; ${count(remaining)} left`;
  if (withoutLimits === 0 && said.length > 0) return fine(what, `${list(said, 9)}${left}`);
  const seen =
    said.length === 0
      ? 'not sent'
      : `${list(said, 9)}${left}; not sent with ${count(withoutLimits)} of ${plural(projects.read + deployments.read, 'page')}`;
  return {
    what,
    seen,
    mind: 'The API does not send its limit with every answer: where it never did, the documented 1,200 calls in 300 s are kept to.',
  };
}

const wholeOf = (plans: readonly ProjectPlan[]) =>
  plans.flatMap(({ project, reading }) =>
    reading?.kind === 'whole' ? [{ project, rows: reading.rows }] : [],
  );

/** The newest and the live deployment that a project names are those of its list: a plan rests on both. */
function embedded(plans: readonly ProjectPlan[]): Finding {
  const what = 'newest, live';
  const whole = wholeOf(plans);
  if (whole.length === 0) return notSeen(what);
  const off = whole.flatMap(({ project, rows }) => {
    const find = (named: Deployment | null) => rows.find(({ id }) => id === named?.id);
    const live = find(project.canonical);
    const lost = [
      project.latest === null || find(project.latest) ? '' : 'its newest deployment is not in its list',
      project.canonical === null || live ? '' : 'its live deployment is not in its list',
      live === undefined || (live.environment === 'production' && isSuccessful(live))
        ? ''
        : 'its live deployment is not a successful one of production',
    ].filter((part) => part !== '');
    return lost.length === 0 ? [] : [`${project.name}: ${lost.join(', ')}`];
  });
  if (off.length === 0) return fine(what, `in the lists of ${plural(whole.length, 'project')}`);
  return { what, seen: list(off, 6), mind: `${list(off, 6)}. What a project names is kept in any case.` };
}

/** An unknown word does no harm, since such a deployment is kept; but it is worth a report. */
function words(plans: readonly ProjectPlan[]): Finding {
  const what = 'words';
  const rows = wholeOf(plans).flatMap((each) => each.rows);
  if (rows.length === 0) return notSeen(what);
  const odd = rows.filter((row) => row.environment === 'unknown' || outcomeOf(row) === 'unknown');
  if (odd.length === 0) return fine(what, `all known, in ${plural(rows.length, 'deployment')}`);
  const said = [
    ...new Set(odd.map(({ environment, stage, stageStatus }) => [environment, stage, stageStatus].join('/'))),
  ];
  const seen = `unknown in ${plural(odd.length, 'deployment')}: ${list(said, 6)}`;
  return { what, seen, mind: `The API's words are ${seen}. Such a deployment is kept.` };
}
