// Filters and paging as plain links; a filter with one choice is not shown. Pure.

import type { BuildStatus } from '../../pages-api/model.ts';
import type { ProjectQuery } from '../../reads.ts';
import { statusWord } from '../../words/builds.ts';
import { count, plural } from '../../words/text.ts';
import { type Html, html } from '../markup.ts';
import { filterPath } from '../model/links.ts';
import type { ViewProjectPage } from '../model/project.ts';
import { foreign } from './parts.ts';

const STATUSES: readonly BuildStatus[] = [
  'ready',
  'failed',
  'building',
  'queued',
  'canceled',
  'skipped',
  'not-built',
];

function choice(href: string, text: string | Html, chosen: boolean): Html {
  return chosen
    ? html`<a href="${href}" aria-current="true">${text}</a>`
    : html`<a href="${href}">${text}</a>`;
}

function choices(name: string, ...links: readonly Html[]): Html {
  return html`<div class="f"><span>${name}</span>${links}</div>`;
}

const MOST_IN_A_ROW = 6;

function branchFilter(view: ViewProjectPage, query: ProjectQuery): Html {
  const { branches, project } = view;
  if (branches.length < 2 && query.branch === null) return html``;
  const to = (branch: string | null, text: string | Html) =>
    choice(filterPath(project.path, { ...query, branch, page: 1 }), text, query.branch === branch);
  const links = [to(null, 'All branches'), ...branches.map((branch) => to(branch, foreign(branch, 60)))];
  if (branches.length <= MOST_IN_A_ROW) return choices('Branch', ...links);
  const chosen = query.branch === null ? 'All' : foreign(query.branch, 60);
  const open = html`<summary>${chosen}; choose from ${count(branches.length)}</summary>`;
  return choices('Branch', html`<details>${open}<div class="f">${links}</div></details>`);
}

/** The three filters. */
export function filters(view: ViewProjectPage, query: ProjectQuery): Html {
  const to = (change: Partial<ProjectQuery>) =>
    filterPath(view.project.path, { ...query, ...change, page: 1 });
  const environment = (value: ProjectQuery['environment'], text: string) =>
    choice(to({ environment: value }), text, query.environment === value);
  const status = (value: BuildStatus | null, text: string) =>
    choice(to({ status: value }), text, query.status === value);
  const environments = [
    environment(null, 'All environments'),
    environment('production', 'Production'),
    environment('preview', 'Preview'),
  ];
  const statuses = [
    status(null, 'All statuses'),
    ...STATUSES.map((value) => status(value, statusWord(value))),
  ];
  return html`<nav class="fs" aria-label="Filters">${choices('Environment', ...environments)}
${choices('Status', ...statuses)}
${branchFilter(view, query)}</nav>`;
}

/** Whether anything is filtered. */
export function isFiltered(query: ProjectQuery): boolean {
  return query.branch !== null || query.environment !== null || query.status !== null;
}

/** What is filtered, in words: `production, failed, branch main`. */
export function filterWords(query: ProjectQuery): Html {
  const words = [
    query.environment,
    query.status === null ? null : statusWord(query.status).toLowerCase(),
    query.branch === null ? null : html`branch ${foreign(query.branch, 80)}`,
  ].filter((word) => word !== null);
  return html`${words.map((word, index) => html`${index > 0 && ', '}${word}`)}`;
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
  const here = html`<span>Page ${count(page)} of ${count(pages)}</span>`;
  const newer = page > 1 && html`<a rel="prev" href="${to(page - 1)}">Newer</a>`;
  const older = page < pages && html`<a rel="next" href="${to(page + 1)}">Older</a>`;
  return html`<nav class="pg" aria-label="Pages">${here}${newer}${older}${found}</nav>`;
}
