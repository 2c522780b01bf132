// What the API says about its limit: the fields `Ratelimit-Policy` and `Ratelimit`, lists with parameters (RFC 9651).
// Pure. Reads as much of the grammar as these two fields use; why no library does: docs/decisions/004.

/** One limit: `q` calls per `w` ms. */
export interface LimitPolicy {
  readonly name: string;
  readonly q: number;
  readonly w: number;
}

/** What remains of a limit: `r` calls for the next `t` seconds. */
export interface Remaining {
  readonly name: string;
  readonly r: number;
  readonly t: number;
}

interface Member {
  readonly name: string;
  /** Those of its parameters that are numbers. */
  readonly numbers: ReadonlyMap<string, number>;
}

const MEMBER =
  /[ \t]*("(?:[^"\\]|\\["\\])*"|[^\s,;="()]+)((?:; *[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[^"\\]|\\["\\])*"|[^\s,;"()]+))?)*)[ \t]*(,|$)/y;
const STRINGS = /"(?:[^"\\]|\\["\\])*"/g;
const NUMBER_PARAMETER = /; *([a-z*][a-z0-9_.*-]*)=(-?\d{1,15}(?:\.\d{1,3})?)(?=;|$)/g;
const LONGEST_WINDOW_S = 86_400;

const nameIn = (said: string) => (said.startsWith('"') ? said.slice(1, -1).replace(/\\(.)/g, '$1') : said);

function numbersIn(parameters: string): Map<string, number> {
  const numbers = new Map<string, number>();
  // A number within a string does not count.
  const bare = parameters.includes('"') ? parameters.replace(STRINGS, '""') : parameters;
  for (const [, key = '', value] of bare.matchAll(NUMBER_PARAMETER)) numbers.set(key, Number(value));
  return numbers;
}

/** The members of a list; empty when the field is missing or is not such a list, since then nothing in it can be trusted. */
function membersOf(field: string | null): Member[] {
  if (!field) return [];
  const members: Member[] = [];
  MEMBER.lastIndex = 0;
  for (let end = ','; end === ','; ) {
    const [found, name = '', parameters = '', after = ''] = MEMBER.exec(field) ?? [];
    if (found === undefined) return [];
    members.push({ name: nameIn(name), numbers: numbersIn(parameters) });
    end = after;
  }
  return members;
}

/** The policies of `Ratelimit-Policy: "default";q=1200;w=300`, as far as they can be understood. */
export function readPolicies(field: string | null): LimitPolicy[] {
  return membersOf(field).flatMap(({ name, numbers }) => {
    const [q = 0, w = 0] = [numbers.get('q'), numbers.get('w')];
    return q > 0 && w > 0 && w <= LONGEST_WINDOW_S ? [{ name, q, w: w * 1_000 }] : [];
  });
}

/** What `Ratelimit: "default";r=50;t=30` says of each limit, as far as it can be understood. */
export function readRemaining(field: string | null): Remaining[] {
  return membersOf(field).flatMap(({ name, numbers }) => {
    const [r, t = -1] = [numbers.get('r'), numbers.get('t')];
    return r !== undefined && t >= 0 ? [{ name, r, t }] : [];
  });
}
