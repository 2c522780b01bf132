// How a project is shown elsewhere: its badge, its feed, a link for somebody who may see nothing else. Pure.

import { cut } from '../../words/text.ts';
import type { Frame } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import type { ViewProject } from '../model/project.ts';

/** The section at the end of a project's page. */
export function elsewhere({ name, path, id }: ViewProject, { origin, isPublic }: Frame): Html {
  const short = cut(name, 60);
  const badge = `![${short}](${origin}${path}/badge.svg)`;
  const link = `npm run share -- --project ${short} --until 2099-01-01`;
  const closed = html`<p class="s">Badge and feed are behind the door, as this page is. For a badge that everybody sees:
<code>${link} --badge</code></p>`;
  return html`<h2>Use elsewhere</h2>
<dl class="el"><div><dt>Badge, for a README</dt><dd><code>${badge}</code></dd></div>
<div><dt>Feed of its builds</dt><dd><code>${origin}${path}/feed.atom</code></dd></div>
<div><dt>A link for somebody without a log-in: this project only, until a date</dt><dd><code>${link}</code></dd></div>
<div><dt>Project id</dt><dd><code>${id}</code></dd></div></dl>${!isPublic && closed}`;
}
