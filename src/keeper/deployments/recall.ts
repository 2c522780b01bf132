// A page held against what is recorded of its rows: what never changes is not forgotten by one answer. Pure.

import { deploymentNow } from '../../pages-api/merge.ts';
import { type Deployment, type Page, strangeWords } from '../../pages-api/model.ts';
import { countLost, type Reread } from '../../policy/reread.ts';
import type { KnownRow, Walk } from './walk.ts';

/** Words that are remembered of one project, so that each is told once. */
const MOST_WORDS = 20;

/** The page with its known rows as they are now, and the walk with what that showed. */
export function recallPage(
  walk: Walk,
  page: Page<Deployment>,
  known: readonly KnownRow[],
): { readonly walk: Walk; readonly page: Page<Deployment> } {
  const words = page.rows.flatMap(strangeWords);
  // The first walk of a project meets nothing that it knows.
  if (known.length === 0 && words.length === 0) return { walk, page };
  const byId = new Map(known.map(({ id, row }) => [id, row]));
  const reread: Reread[] = [];
  const rows = page.rows.map((row) => {
    const before = row.id === '' ? undefined : byId.get(row.id);
    if (before === undefined) return row;
    const after = deploymentNow(before, row);
    reread.push({ before, after });
    return after;
  });
  const lost = countLost(reread);
  const contradicted = reread.filter(
    ({ before, after }) => before.recorded === null && after.recorded !== null,
  );
  const strange = new Set([...walk.strange, ...words]);
  return {
    page: { ...page, rows },
    walk: {
      ...walk,
      reread: {
        successes: walk.reread.successes + lost.successes,
        lost: walk.reread.lost + lost.lost,
      },
      contradicted: walk.contradicted + contradicted.length,
      strange: [...strange].slice(0, MOST_WORDS),
    },
  };
}
