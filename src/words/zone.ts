// A reader's own time, beside UTC. The zone is Cloudflare's guess from the reader's address, so UTC always stands first.

import { hours, weekday } from './time.ts';

/** A reader's zone. */
export interface Zone {
  /** `Berlin`. */
  readonly place: string;
  /** Weekday and time there: `Tue`, `14:17`. */
  readonly read: (at: number) => readonly [weekday: string, time: string];
}

const formatOf = (timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });

// The first zone of a fresh runtime takes some 30 ms of CPU, a view's whole allowance three times over: it is taken at start-up.
formatOf('Europe/Berlin').format(0);

/** The zone that was asked for last: a format costs as much as ten rows of a page, and who reads one page reads others. */
let last: { readonly name: string | null; readonly zone: Zone | null } = { name: null, zone: null };

/** The zone of that name, such as `Europe/Berlin`; `null` where there is none, and where it names no place. */
export function zoneOf(name: string | null): Zone | null {
  if (last.name !== name) last = { name, zone: made(name) };
  return last.zone;
}

function made(name: string | null): Zone | null {
  const place = name?.split('/').at(-1)?.replaceAll('_', ' ') ?? '';
  if (name === null || !name.includes('/') || name.startsWith('Etc/')) return null;
  try {
    const format = formatOf(name);
    return {
      place,
      read: (at) => {
        const [, day = '', time = ''] = /^(\w+)\D*(\d\d:\d\d)/.exec(format.format(at)) ?? [];
        return [day, time];
      },
    };
  } catch {
    return null;
  }
}

/** `14:17 in Berlin`, `Wed 00:30 in Berlin` where it is another day there; `''` where it is the same as UTC, or not known. */
export function there(at: number, zone: Zone | null): string {
  if (zone === null) return '';
  const [day, time] = zone.read(at);
  if (time === '' || (time === hours(at) && day === weekday(at))) return '';
  return `${day === weekday(at) ? '' : `${day} `}${time} in ${zone.place}`;
}
