// The one sentence that answers "is everything live?", and the page's mood and title. Pure.

import type { Mood } from './frame.ts';
import { isUnderWay, type ViewProject } from './model.ts';
import { count, list, plural } from './text.ts';

/** The answer, for the top of the page and its title. */
export interface Summary {
  readonly mood: Mood;
  readonly title: string;
  readonly sentence: string;
  /** Shorter facts after it. */
  readonly also: readonly string[];
}

const names = (projects: readonly ViewProject[]) => list(projects.map((project) => project.name));

/** What to say about all shown projects. */
export function summarize(projects: readonly ViewProject[]): Summary {
  const behind = projects.filter((project) => project.live !== null && project.failedSinceLive > 0);
  const down = projects.filter((project) => project.live === null);
  const building = projects.filter((project) => isUnderWay(project.status));
  const back = projects.filter((project) => project.rolledBack && project.failedSinceLive === 0);
  const also = [
    building.length === 0
      ? ''
      : `${plural(building.length, 'build is', 'builds are')} under way: ${names(building)}.`,
    back.length === 0 ? '' : `Rolled back: ${names(back)}.`,
  ].filter((text) => text !== '');
  const troubled = behind.length + down.length;
  return {
    mood: troubled > 0 ? 'bad' : building.length > 0 ? 'busy' : projects.length === 0 ? 'quiet' : 'ok',
    title: title(projects.length, troubled, building.length),
    sentence: sentence(projects, behind, down),
    also,
  };
}

function title(all: number, troubled: number, building: number): string {
  if (all === 0) return 'Nothing to show';
  const parts = [
    building > 0 ? `${count(building)} building` : '',
    troubled > 0 ? `${count(troubled)} not up to date` : '',
  ].filter((text) => text !== '');
  return parts.length === 0 ? 'All live' : parts.join(', ');
}

function sentence(
  projects: readonly ViewProject[],
  behind: readonly ViewProject[],
  down: readonly ViewProject[],
): string {
  const all = projects.length;
  if (all === 0) return 'Nothing to show yet';
  if (behind.length + down.length === 0) {
    return all === 1 ? `${projects[0]?.name ?? ''} is live` : `All ${count(all)} projects are live`;
  }
  const problems = [
    behind.length === 0
      ? ''
      : `${names(behind)} ${behind.length === 1 ? 'is live but behind: its newest production build' : 'are live but behind: their newest production builds'} failed`,
    down.length === 0 ? '' : `${names(down)} ${down.length === 1 ? 'has' : 'have'} nothing live`,
  ].filter((text) => text !== '');
  const fine = all - behind.length - down.length;
  const rest = fine === 0 ? '' : `; the other ${fine === 1 ? 'project is' : `${count(fine)} are`} up to date`;
  return `${problems.join('; ')}${rest}`;
}
