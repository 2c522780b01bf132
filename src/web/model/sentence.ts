// The one sentence that answers "is everything live?". Pure.

import type { ProjectStanding } from '../../report.ts';
import { count, cut, list, plural } from '../../words/text.ts';
import type { Mood } from '../frame.ts';
import type { Answer } from './answer.ts';
import { isNew, isUnderWay } from './project.ts';

const NAMED = 3;

const names = (projects: readonly ProjectStanding[]) =>
  list(
    projects.map((project) => cut(project.name, 60)),
    NAMED,
  );

const are = (many: number) => (many === 1 ? 'is' : 'are');

/** Projects by how they stand; one may stand in several groups. */
interface Groups {
  readonly all: readonly ProjectStanding[];
  /** Nothing is live, and there have been builds. */
  readonly down: readonly ProjectStanding[];
  /** Nothing is live yet: no build has ended. */
  readonly fresh: readonly ProjectStanding[];
  readonly outdated: readonly ProjectStanding[];
  readonly building: readonly ProjectStanding[];
  readonly back: readonly ProjectStanding[];
}

function groupsOf(all: readonly ProjectStanding[]): Groups {
  return {
    all,
    down: all.filter((project) => project.live === null && !isNew(project)),
    fresh: all.filter(isNew),
    outdated: all.filter(
      ({ live, failedSinceLive, behindSince }) =>
        live !== null && (failedSinceLive > 0 || behindSince !== null),
    ),
    building: all.filter((project) => isUnderWay(project.status)),
    back: all.filter((project) => project.rolledBack && project.failedSinceLive === 0),
  };
}

/** What to say about all shown projects. */
export function summarize(projects: readonly ProjectStanding[]): Answer {
  const groups = groupsOf(projects);
  const { down, fresh, building, back } = groups;
  const isAll = (some: readonly ProjectStanding[]) => some.length === projects.length;
  return {
    mood: moodOf(groups),
    title: titleOf(groups),
    sentence: sentenceOf(groups),
    also: [
      down.length === 0 || isAll(down) ? '' : `Nothing live: ${names(down)}.`,
      fresh.length === 0 || isAll(fresh) ? '' : `Not live yet: ${names(fresh)}.`,
      building.length === 0
        ? ''
        : `${plural(building.length, 'build is', 'builds are')} under way: ${names(building)}.`,
      back.length === 0 ? '' : `Rolled back: ${names(back)}.`,
    ].filter((text) => text !== ''),
  };
}

function moodOf({ all, down, fresh, outdated, building }: Groups): Mood {
  if (down.length + outdated.length > 0) return 'bad';
  if (building.length > 0) return 'busy';
  return all.length === fresh.length ? 'quiet' : 'ok';
}

function titleOf({ all, down, fresh, outdated, building }: Groups): string {
  if (all.length === 0) return 'Nothing to show';
  const parts = [
    building.length > 0 ? `${count(building.length)} building` : '',
    outdated.length > 0 ? `${count(outdated.length)} outdated` : '',
    down.length > 0 ? `${count(down.length)} not live` : '',
    fresh.length > 0 ? `${count(fresh.length)} not live yet` : '',
  ].filter((text) => text !== '');
  return parts.length === 0 ? 'All live' : parts.join(', ');
}

function sentenceOf({ all, down, fresh, outdated }: Groups): string {
  const [only] = all;
  if (only === undefined) return 'Nothing to show yet';
  if (all.length === 1) {
    const name = cut(only.name, 60);
    if (down.length > 0) return `${name} has nothing live`;
    if (fresh.length > 0) return `${name} is not live yet`;
    return outdated.length > 0 ? `${name} is live, but outdated` : `${name} is live`;
  }
  const live = all.length - down.length - fresh.length;
  if (live === 0) return `None of the ${count(all.length)} projects is live`;
  const some = `${count(live)} of ${count(all.length)} projects ${are(live)} live`;
  const words = live === all.length ? `All ${count(live)} projects are live` : some;
  return outdated.length === 0 ? words : `${words}, but ${names(outdated)} ${are(outdated.length)} outdated`;
}
