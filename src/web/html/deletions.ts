// What was deleted, as a table for whoever looks for it. Pure.

import type { Gone } from '../../found.ts';
import { cut } from '../../words/text.ts';
import type { Frame } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { deploymentPath } from '../model/links.ts';
import { deletionReasonWords } from '../model/run-words.ts';
import { foreign, head, table, when } from './parts.ts';

function row({ deletion }: Gone, now: number): Html {
  const { project, id, branch, commit, environment, deletedAt, reason } = deletion;
  return html`
<tr role="row"><th role="rowheader" scope="row" class="cw c"><a class="nm" href="${deploymentPath(project, id)}">${foreign(branch, 80)}</a>
<small>${cut(project, 60)}${environment === 'production' && ', production'}</small></th>
<td role="cell" class="u q">${when(deletedAt, now)}</td>
<td role="cell" class="u">${deletionReasonWords(reason)}</td>
<td role="cell" class="d"><span class="m">${commit.slice(0, 7)}</span></td>
<td role="cell" class="d"><span class="m">${id.slice(0, 8)}</span></td></tr>`;
}

/** The table; `name`: what is in it. */
export function goneTable(name: string, gone: readonly Gone[], frame: Frame): Html {
  const columns = head('Branch, project', 'Deleted', 'Why', ['Commit', 'd'], ['Id', 'd']);
  return table(
    name,
    'Newest first.',
    columns,
    gone.map((one) => row(one, frame.now)),
  );
}
