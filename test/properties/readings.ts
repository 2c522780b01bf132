// How far each project's deployments are read, counted a second time: by the lists that were answered, and by what stood on them.
// Knows nothing of walks but that a list is read page by page, and its first page once more at the end. Checks nothing.

import type { Call } from '../../simulator/simulator.ts';
import { DAY, type World } from '../keeper/world.ts';
import { number } from './look.ts';

const ROWS = 25;

/** How far something is read: so many, of so many; `null`: nobody can know that yet. */
export interface Far {
  readonly read: number;
  readonly of: number | null;
}

/** Reading one project. */
interface Own {
  /** The ids that stood on the pages of the reading under way; `null`: there is none. */
  seen: Set<string> | null;
  /** Of how many, when it began, and when that was. */
  total: number;
  begunAt: number;
  /** Only the first page, once more, is to come. */
  isLast: boolean;
  /** What was read to its end, how often, and when all of it was read anew. */
  known: Set<string>;
  ends: number;
  wholeAt: number;
}

const NEW: Omit<Own, 'known'> = {
  ...{ seen: null, total: 0, begunAt: 0, isLast: false },
  ...{ ends: 0, wholeAt: Number.NEGATIVE_INFINITY },
};

/** Everything is read anew the first time, where there was nothing, and once a week. */
const isAnew = ({ begunAt, wholeAt, known }: Own) => known.size === 0 || begunAt - wholeAt >= 7 * DAY;

/** What was not known before; of what is read anew, all. */
const freshOf = (own: Own) => [...(own.seen ?? [])].filter((id) => isAnew(own) || !own.known.has(id)).length;

const isPage = ({ method, path, status }: Call) =>
  method === 'GET' && path.endsWith('/deployments') && status === 200;

/** What is forced is looked at once more right before it goes: that is no reading. */
function isHeadLook(calls: readonly Call[], place: number): boolean {
  const [call, next] = [calls[place], calls[place + 1]];
  return next?.method === 'DELETE' && next.force && next.project === call?.project;
}

/** Counts along. Whoever uses it has it note what each alarm has sent, and changes nothing in the account during one. */
export class Readings {
  private readonly world: World;
  private readonly all = new Map<string, Own>();
  private rows = new Map<string, string[]>();
  private noted = 0;

  constructor(world: World) {
    this.world = world;
    this.look();
  }

  /** The account as the next alarm finds it. */
  look(): void {
    const { projects } = this.world.simulator.account;
    this.rows = new Map(projects.map(({ name, deployments }) => [name, deployments.map(({ id }) => id)]));
  }

  /** What was sent since it was noted last; gives by project how many were new in the readings that ended. */
  note(): Record<string, number> {
    const calls = this.world.simulator.calls.slice(this.noted);
    this.noted += calls.length;
    const ended: Record<string, number> = {};
    for (const [place, call] of calls.entries()) {
      const name = call.project ?? '';
      if (call.method === 'DELETE' && call.effect)
        this.rows.set(
          name,
          (this.rows.get(name) ?? []).filter((id) => id !== call.deploymentId),
        );
      if (!isPage(call) || isHeadLook(calls, place)) continue;
      const fresh = this.page(name, Number(call.query.page ?? 1), call.at);
      if (fresh !== null) ended[name] = (ended[name] ?? 0) + fresh;
    }
    this.look();
    return ended;
  }

  /** A page was answered; gives how many were new, where everything is read now. */
  private page(name: string, page: number, at: number): number | null {
    const rows = this.rows.get(name) ?? [];
    const own = this.own(name);
    const isClosing = page === 1 && own.isLast;
    if (page === 1 && !isClosing) Object.assign(own, { seen: new Set(), total: rows.length, begunAt: at });
    const here = rows.slice((page - 1) * ROWS, page * ROWS);
    for (const id of here) own.seen?.add(id);
    const isMet = !isAnew(own) && here.some((id) => own.known.has(id));
    own.isLast = page * ROWS >= rows.length || isMet;
    return isClosing || (own.isLast && page === 1) ? this.end(own) : null;
  }

  private end(own: Own): number {
    const fresh = freshOf(own);
    const seen = [...(own.seen ?? [])];
    if (isAnew(own)) Object.assign(own, { wholeAt: own.begunAt, known: new Set(seen) });
    for (const id of seen) own.known.add(id);
    Object.assign(own, { seen: null, isLast: false, ends: own.ends + 1 });
    return fresh;
  }

  private own(name: string): Own {
    const own = this.all.get(name) ?? { ...NEW, known: new Set() };
    this.all.set(name, own);
    return own;
  }

  /** How far a project is; of one of which nothing was read yet: nothing, of nobody knows how many. */
  of(name: string): Far {
    const own = this.own(name);
    return { read: freshOf(own), of: own.seen !== null && isAnew(own) ? own.total : null };
  }

  /** Whether some of it was read, and not all. */
  isOn = (name: string): boolean => this.own(name).seen !== null;
  /** How many were read to the end. */
  known = (name: string): number => this.own(name).known.size;
  /** How often it was read to its end. */
  ends = (name: string): number => this.own(name).ends;
}

/** How far all of these are, `ended` more being done. */
export function sumOf(all: readonly Far[], ended: number): Far {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, ended);
  const known = all.flatMap(({ of }) => (of === null ? [] : [of]));
  return { read: sum(all.map(({ read }) => read)), of: known.length < all.length ? null : sum(known) };
}

/** `Reading deployments: 200 of 300`, `Reading deployments: 200 so far`. */
export function readingWords({ read, of }: Far): string {
  const far = read > 0 ? `: ${number(read)} so far` : '';
  return `Reading deployments${of === null ? far : `: ${number(read)} of ${number(of)}`}`;
}
