// One project for whoever has a link to it: its state, its addresses, its builds, and until when the link works. No upkeep, no
// other page. Pure.

import type { ProjectQuery } from '../../reads.ts';
import { statusWord } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import type { Frame } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { moodWith } from '../model/answer.ts';
import type { ViewProjectPage } from '../model/project.ts';
import { filters, isFiltered } from './filters.ts';
import { layout } from './layout.ts';
import { oldNotice } from './notices.ts';
import { answerHeading, at, facts } from './parts.ts';
import { addresses, found, isAnyUnderWay, latestFact, liveLine, moodOf } from './project.ts';
import { trendFact } from './sparkline.ts';
import { attentionNotice, watchLink } from './upkeep.ts';

/** `/share/…`; `until`: when the link ends (epoch ms). */
export function sharedPage(frame: Frame, view: ViewProjectPage, query: ProjectQuery, until: number): Html {
  const { project } = view;
  const empty = view.deployments.length === 0 && !isFiltered(query) && query.page === 1;
  const mood = moodWith(frame, moodOf(project));
  const body = html`${answerHeading(mood, cut(project.name, 100))}${liveLine(project, frame)}${addresses(project)}${watchLink(frame, isAnyUnderWay(view))}
${oldNotice(frame)}${attentionNotice(project, frame)}
${facts(latestFact(project, frame), trendFact(view))}
${empty ? '' : filters(view, query)}
${found(view, query, frame)}
<p class="s gap">This link works until ${at(until, frame)}.</p>`;
  return layout(frame, {
    title: `${statusWord(project.status)}: ${cut(project.name, 60)}`,
    mood,
    body,
    place: 'shared',
    feed: `${project.path}/feed.atom`,
  });
}
