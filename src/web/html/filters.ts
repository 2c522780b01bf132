// Filters and paging as plain links; a filter with one choice is not shown. Pure.

import { html } from 'hono/html';
import type { BuildStatus } from '../../pages-api/model.ts';
import type { ProjectQuery } from '../../report.ts';
import { statusWord } from '../../words/builds.ts';
import { clean, count, cut, plural } from '../../words/text.ts';
import { filterPath } from '../model/links.ts';
import type { ViewProjectPage } from '../model/project.ts';
import type { Html } from './parts.ts';

const STATUSES: readonly BuildStatus[] = [
  'ready',
  'failed',
  'building',
  'queued',
  'canceled',
  'skipped',
  'not-built',
];

function choice(href: string, text: string, chosen: boolean): Html {
  return chosen
    ? html`<a href="${href}" aria-current="true">${text}</a>`
    : html`<a href="${href}">${text}</a>`;
}

function branchFilter(view: ViewProjectPage, query: ProjectQuery): Html {
  const { branches, project } = view;
  if (branches.length < 2 && query.branch === null) return html``;
  const to = (branch: string | null, text: string) =>
    choice(filterPath(project.path, { ...query, branch, page: 1 }), text, query.branch === branch);
  const choices = branches.map((branch) => to(branch.key, cut(branch.name, 60)));
  const chosen = query.branch === null ? 'all' : cut(clean(query.branch), 60);
  return branches.length <= 6
    ? html`<div class="f"><span>Branch</span>${to(null, 'All')}${choices}</div>`
    : html`<div class="f"><span>Branch</span><details><summary>${chosen}; choose from ${count(branches.length)}</summary><div class="f">${to(null, 'All')}${choices}</div></details></div>`;
}

/** The three filters. */
export function filters(view: ViewProjectPage, query: ProjectQuery): Html {
  const to = (change: Partial<ProjectQuery>) =>
    filterPath(view.project.path, { ...query, ...change, page: 1 });
  const environment = (value: ProjectQuery['environment'], text: string) =>
    choice(to({ environment: value }), text, query.environment === value);
  const status = (value: BuildStatus | null, text: string) =>
    choice(to({ status: value }), text, query.status === value);
  return html`<nav class="fs" aria-label="Filters"><div class="f"><span>Environment</span>${environment(null, 'All')}${environment('production', 'Production')}${environment('preview', 'Preview')}</div>
<div class="f"><span>Status</span>${status(null, 'All')}${STATUSES.map((value) => status(value, statusWord(value)))}</div>
${branchFilter(view, query)}</nav>`;
}

/** Whether anything is filtered. */
export function isFiltered(query: ProjectQuery): boolean {
  return query.branch !== null || query.environment !== null || query.status !== null;
}

/** What is filtered, in words: `Production, Failed, branch main`. */
export function filterWords(query: ProjectQuery): string {
  return [
    query.environment ?? '',
    query.status === null ? '' : statusWord(query.status).toLowerCase(),
    query.branch === null ? '' : `branch ${cut(clean(query.branch), 80)}`,
  ]
    .filter((text) => text !== '')
    .join(', ');
}

/** Newer and older, and where one is. */
export function paging(
  page: number,
  pages: number,
  matching: number | null,
  to: (page: number) => string,
): Html {
  const found = matching === null ? '' : html`<span>${plural(matching, 'deployment')}</span>`;
  if (pages <= 1) return html`<p class="pg s">${found}</p>`;
  return html`<nav class="pg" aria-label="Pages"><span>Page ${count(page)} of ${count(pages)}</span>${page > 1 ? html`<a rel="prev" href="${to(page - 1)}">Newer</a>` : ''}${page < pages ? html`<a rel="next" href="${to(page + 1)}">Older</a>` : ''}${found}</nav>`;
}
