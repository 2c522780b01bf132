// Atom feeds of finished builds and prune runs, from the view model. Pure; cleaned and escaped by the template, so that
// they are legal XML. Why no library: docs/decisions/005.

import { statusLine, statusWord } from '../../words/builds.ts';
import { cut, plural } from '../../words/text.ts';
import { iso } from '../../words/time.ts';
import { type Html, html } from '../markup.ts';
import { runPath } from '../model/links.ts';
import { isBuilt, isUnderWay, type ViewDeployment, type ViewProject } from '../model/project.ts';
import { deletionWords } from '../model/run-words.ts';
import type { ViewRun } from '../model/runs.ts';

const MOST = 50;

/** Where a feed lives. */
export interface FeedPlace {
  readonly title: string;
  readonly origin: string;
  /** Of the feed itself. */
  readonly path: string;
  /** Of the page it belongs to. */
  readonly page: string;
  readonly now: number;
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly at: number;
  readonly href: string;
  readonly summary: string;
}

function buildEntry(deployment: ViewDeployment, path: string, place: FeedPlace): Entry[] {
  const at = deployment.finishedAt ?? deployment.createdAt;
  if (at === null || isUnderWay(deployment.status) || !/^[0-9a-f-]{36}$/i.test(deployment.id)) return [];
  const branch = cut(deployment.branch, 80);
  return [
    {
      id: `urn:uuid:${deployment.id.toLowerCase()}`,
      title: `${deployment.project}, ${branch}: ${statusWord(deployment.status)}`,
      at,
      href: (isBuilt(deployment.status) ? deployment.url : null) ?? `${place.origin}${path}`,
      summary: [
        deployment.environment,
        statusLine(deployment, place.now),
        deployment.commitHash.slice(0, 7),
        cut(deployment.commitMessage, 120),
      ]
        .filter((text) => text !== '')
        .join(' · '),
    },
  ];
}

/** A run is worth an entry once it is over and has deleted, tried to, or failed. */
function runEntry(run: ViewRun, place: FeedPlace): Entry[] {
  const { deleted, gone, refused, failed } = run.counts;
  if (run.finishedAt === null || (deleted + gone + refused + failed === 0 && run.error === null)) return [];
  return [
    {
      id: `tag:pages-keeper,2026:run:${encodeURIComponent(run.id.toWellFormed())}`,
      title: run.error === null ? `Pruned: ${plural(deleted, 'deployment')}` : `Run failed: ${run.error}`,
      at: run.finishedAt,
      href: `${place.origin}${runPath(run.id)}`,
      summary: deletionWords(run),
    },
  ];
}

function feed(entries: readonly Entry[], place: FeedPlace): string {
  const unique = [...new Map(entries.map((entry) => [entry.id, entry])).values()];
  const newest = unique.sort((a, b) => b.at - a.at).slice(0, MOST);
  // Without an entry there is no time at which this changed; the epoch never makes a reader think that it did.
  const updated = iso(newest[0]?.at ?? 0);
  return String(html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>${place.title}</title><id>${place.origin}${place.path}</id><updated>${updated}</updated>
<link rel="self" type="application/atom+xml" href="${place.origin}${place.path}"/>
<link rel="alternate" type="text/html" href="${place.origin}${place.page}"/>
<author><name>Pages Keeper</name></author>
${newest.map(entryMarkup)}</feed>
`);
}

function entryMarkup({ id, title, at, href, summary }: Entry): Html {
  return html`<entry>
<id>${id}</id><title>${title}</title><updated>${iso(at)}</updated>
<link href="${href}"/><summary>${summary}</summary>
</entry>
`;
}

/** `/feed.atom`: the newest and the live build of every shown project, and the prune runs. */
export function accountFeed(
  projects: readonly ViewProject[],
  runs: readonly ViewRun[],
  place: FeedPlace,
): string {
  const builds = projects.flatMap((project) =>
    [project.latest, project.live].flatMap((deployment) =>
      deployment === null ? [] : buildEntry(deployment, project.path, place),
    ),
  );
  return feed([...builds, ...runs.flatMap((run) => runEntry(run, place))], place);
}

/** `/projects/:name/feed.atom`: its newest finished builds. */
export function projectFeed(
  project: ViewProject,
  deployments: readonly ViewDeployment[],
  place: FeedPlace,
): string {
  return feed(
    deployments.flatMap((deployment) => buildEntry(deployment, project.path, place)),
    place,
  );
}
