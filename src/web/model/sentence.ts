// The one sentence that answers "is everything live?", and the page's mood and title. Pure.

import { count, cut, list, plural } from '../../words/text.ts';
import { utc } from '../../words/time.ts';
import type { Mood } from '../frame.ts';
import { isUnderWay, type ViewProject } from './project.ts';

/** The answer, for the top of the page and its title. */
export interface Summary {
  readonly mood: Mood;
  readonly title: string;
  readonly sentence: string;
  /** Shorter facts after it. */
  readonly also: readonly string[];
}

const NAMED = 3;

const names = (projects: readonly ViewProject[]) =>
  list(
    projects.map((project) => cut(project.name, 60)),
    NAMED,
  );

/** What to say about all shown projects. */
export function summarize(projects: readonly ViewProject[]): Summary {
  const down = projects.filter((project) => project.live === null);
  const behind = projects.filter((project) => project.live !== null && project.failedSinceLive > 0);
  const building = projects.filter((project) => isUnderWay(project.status));
  const back = projects.filter((project) => project.rolledBack && project.failedSinceLive === 0);
  return {
    mood: moodOf(projects.length, down.length + behind.length, building.length),
    title: projects.length === 0 ? 'Nothing to show' : title(down.length, behind.length, building.length),
    sentence: sentence(projects, down, behind),
    also: [
      ...behind.slice(0, NAMED).map(behindWords),
      down.length === 0 || down.length === projects.length ? '' : `Nothing live: ${names(down)}.`,
      building.length === 0
        ? ''
        : `${plural(building.length, 'build is', 'builds are')} under way: ${names(building)}.`,
      back.length === 0 ? '' : `Rolled back: ${names(back)}.`,
    ].filter((text) => text !== ''),
  };
}

function moodOf(all: number, troubled: number, building: number): Mood {
  if (all === 0) return 'quiet';
  if (troubled > 0) return 'bad';
  return building > 0 ? 'busy' : 'ok';
}

function title(down: number, behind: number, building: number): string {
  const parts = [
    building > 0 ? `${count(building)} building` : '',
    behind > 0 ? `${count(behind)} behind` : '',
    down > 0 ? `${count(down)} not live` : '',
  ].filter((text) => text !== '');
  return parts.length === 0 ? 'All live' : parts.join(', ');
}

function sentence(
  projects: readonly ViewProject[],
  down: readonly ViewProject[],
  behind: readonly ViewProject[],
): string {
  const all = projects.length;
  const [only] = projects;
  if (only === undefined) return 'Nothing to show yet';
  if (all === 1) {
    if (down.length > 0) return `${names(projects)} has nothing live`;
    return behind.length > 0 ? `${names(projects)} is live, but behind` : `${names(projects)} is live`;
  }
  if (down.length === all) return `None of the ${count(all)} projects is live`;
  const live =
    down.length === 0
      ? `All ${count(all)} projects are live`
      : `${count(all - down.length)} of ${count(all)} projects are live`;
  return behind.length === 0
    ? live
    : `${live}, but ${names(behind)} ${behind.length === 1 ? 'is' : 'are'} behind`;
}

function behindWords(project: ViewProject): string {
  const { failedSinceLive, live } = project;
  const failed =
    failedSinceLive === 1
      ? 'the newest production build failed'
      : `the last ${count(failedSinceLive)} production builds failed`;
  const since =
    live === null || live.createdAt === null ? '' : `; the live site is from ${utc(live.createdAt)}`;
  return `${cut(project.name, 60)}: ${failed}${since}.`;
}
