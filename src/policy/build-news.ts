// Builds that have ended, as notices: once each, for whoever wants to hear of them. Pure.

import type { Destination } from './destinations.ts';
import { linkTo, type Notice } from './notices.ts';
import { matchesGlobs } from './rules.ts';

/** A build that has ended, to be told once. */
export interface BuildNews {
  /** Counts up by one. */
  readonly seq: number;
  readonly id: string;
  readonly project: string;
  readonly branch: string;
  readonly production: boolean;
  readonly ok: boolean;
  /** Epoch ms. */
  readonly endedAt: number;
}

/** The builds that a destination is to be told of, as notices, in the order in which they were seen to end. */
export function buildNotices(
  { about, projects }: Pick<Destination, 'about' | 'projects'>,
  news: readonly BuildNews[],
  publicUrl: string | null,
): (Notice & { readonly seq: number })[] {
  const wanted = news.filter(({ ok, production, project }) => {
    const fits = ok ? about.includes('success') : about.includes('previews') && !production;
    // Of a preview that succeeded only those want to hear who want to hear of previews.
    return fits && (production || about.includes('previews')) && matchesGlobs(project, projects);
  });
  return wanted.map(({ seq, id, project, branch, production, ok }) => {
    const page = linkTo(publicUrl, `build ${project}`);
    const where = production ? 'the production build' : 'the preview build';
    return {
      ...{ seq, kind: 'build', about: `build ${id}` },
      text: `${project}: ${where} of ${branch} ${ok ? 'succeeded' : 'failed'}.`,
      link: page === null ? null : `${page}/deployments/${encodeURIComponent(id)}`,
    };
  });
}
