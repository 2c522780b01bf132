// Filters and paging as plain links; a filter with one choice is not shown. Pure.

import type { BuildStatus } from '../../pages-api/model.ts';
import type { ProjectQuery } from '../../reads.ts';
import { statusWord } from '../../words/builds.ts';
import { count } from '../../words/text.ts';
import { type Html, html } from '../markup.ts';
import { filterPath } from '../model/links.ts';
import type { ViewProjectPage } from '../model/project.ts';
import { foreign } from './parts.ts';

/** What is often looked for; the others are chosen by address, and shown while they are. */
const STATUSES: readonly BuildStatus[] = ['ready', 'failed', 'building', 'skipped'];
/** What is to go, and what can be rolled back to. */
const VERDICTS = { next: 'Goes next', latest: 'Rollback targets' } as const;
const MOST_IN_A_ROW = 6;

/** One of some links. */
export function choice(href: string, text: string | Html, chosen: boolean): Html {
  return chosen
    ? html`<a href="${href}" aria-current="true">${text}</a>`
    : html`<a href="${href}">${text}</a>`;
}

/** A filter that is one click on, and one click off. */
function toggle<K extends keyof ProjectQuery>(
  view: ViewProjectPage,
  query: ProjectQuery,
  key: K,
  value: ProjectQuery[K],
  text: string | Html,
): Html {
  const chosen = query[key] === value;
  const to = filterPath(view.project.path, { ...query, [key]: chosen ? null : value, page: 1 });
  return choice(to, text, chosen);
}

/** A branch: a few as links, many by typing. The other filters stay. */
function branchFilter(view: ViewProjectPage, query: ProjectQuery): Html | Html[] {
  const { branches, project } = view;
  if (branches.length < 2 && query.branch === null) return html``;
  if (branches.length <= MOST_IN_A_ROW)
    return branches.map((branch) => toggle(view, query, 'branch', branch, foreign(branch, 60)));
  const kept = [
    ['env', query.environment],
    ['status', query.status],
    ['verdict', query.verdict],
  ].map(([name, value]) => value !== null && html`<input type="hidden" name="${name}" value="${value}">`);
  return html`<form action="${project.path}">${kept}
<input type="text" name="branch" list="branches" aria-label="Branch" placeholder="One of ${count(branches.length)} branches" value="${query.branch ?? ''}">
<datalist id="branches">${branches.map((branch) => html`<option value="${branch}"></option>`)}</datalist><button type="submit">Show</button></form>`;
}

/** The filters. */
export function filters(view: ViewProjectPage, query: ProjectQuery): Html {
  const statuses = [...new Set([...STATUSES, query.status])].filter((status) => status !== null);
  return html`<nav class="fl" aria-label="Filters">${choice(view.project.path, 'All', !isFiltered(query))}
${toggle(view, query, 'environment', 'production', 'Production')}${toggle(view, query, 'environment', 'preview', 'Previews')}
${statuses.map((status) => toggle(view, query, 'status', status, statusWord(status)))}
${toggle(view, query, 'verdict', 'next', VERDICTS.next)}${toggle(view, query, 'verdict', 'latest', VERDICTS.latest)}
${branchFilter(view, query)}</nav>`;
}

/** Whether anything is filtered. */
export function isFiltered(query: ProjectQuery): boolean {
  const { branch, environment, status, verdict } = query;
  return branch !== null || environment !== null || status !== null || verdict !== null;
}

/** What is filtered, in words: `production, failed, branch main`. */
export function filterWords(query: ProjectQuery): Html {
  const words = [
    query.environment,
    query.status === null ? null : statusWord(query.status).toLowerCase(),
    query.verdict === null ? null : VERDICTS[query.verdict].toLowerCase(),
    query.branch === null ? null : html`branch ${foreign(query.branch, 80)}`,
  ].filter((word) => word !== null);
  return html`${words.map((word, index) => html`${index > 0 && ', '}${word}`)}`;
}

/** Newer and older, and where one is; nothing where there is one page. */
export function paging(page: number, pages: number, to: (page: number) => string): Html {
  if (pages <= 1) return html``;
  const here = html`<span>Page ${count(page)} of ${count(pages)}</span>`;
  const newer = page > 1 && html`<a rel="prev" href="${to(page - 1)}">Newer</a>`;
  const older = page < pages && html`<a rel="next" href="${to(page + 1)}">Older</a>`;
  return html`<nav class="pg" aria-label="Pages">${here}${newer}${older}</nav>`;
}
