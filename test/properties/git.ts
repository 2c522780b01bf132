// Git in a story: a repository for each project, what was pushed to it and removed, and answers of every kind. Notes what each answer
// told the Keeper, and says which branches that supports as gone: a second time, sharing no code with src/policy.

import type { SimulatedProject } from '../../simulator/account.ts';
import { bytesOf, GREETING, oldAnswer, type Ref, refsAnswer } from '../git/answers.ts';
import { HOUR } from '../keeper/world.ts';
import type { GitAnswer, PullAnswer } from './events.ts';
import type { Row } from './oracle.ts';

/** What an answer told. */
interface Reading {
  readonly at: number;
  /** The invocation in which it was given. */
  readonly alarm: number;
  readonly names: ReadonlySet<string>;
  /** It was whole, and of this repository. */
  readonly honest: boolean;
  readonly whole: boolean;
  /** Every branch was asked for. */
  readonly all: boolean;
}

/** What was said of pull request 7: when it was opened and closed, if that was said of it and an hour ago or more. */
interface PullTold {
  readonly at: number;
  readonly openedAt: number;
  readonly closedAt: number | null;
}

interface Repository {
  pull: PullAnswer;
  told: PullTold | null;
  readonly removed: Set<string>;
  answer: GitAnswer;
  readonly readings: Reading[];
}

const HEADS = 'refs/heads/';

/** The repositories of the projects of a story. */
export class Repositories {
  readonly #byName = new Map<string, Repository>();
  readonly #moment: () => { readonly at: number; readonly alarm: number };

  constructor(moment: () => { readonly at: number; readonly alarm: number }) {
    this.#moment = moment;
  }

  of(project: string): Repository {
    const known = this.#byName.get(project) ?? {
      ...{ removed: new Set<string>(), answer: 'plain' as const, readings: [] },
      ...{ pull: 'closed' as const, told: null },
    };
    this.#byName.set(project, known);
    return known;
  }

  answerAll(answer: GitAnswer): void {
    for (const repository of this.#byName.values()) repository.answer = answer;
  }

  /** Answers what was asked of a project's repository. */
  async respond(request: Request, project: SimulatedProject): Promise<Response> {
    const repository = this.of(project.name);
    const { answer } = repository;
    const instead = insteadOf(answer);
    if (instead !== null) return instead();
    const refs = refsOf(project, repository);
    const isOld = answer === 'old';
    if (request.method === 'GET') {
      if (isOld) this.#note(repository, refs, { honest: true, whole: true, all: true });
      return gitResponse(isOld ? oldAnswer(refs) : GREETING, 'advertisement');
    }
    const prefixes = [
      ...new TextDecoder().decode(await request.arrayBuffer()).matchAll(/ref-prefix (\S*)\n/g),
    ].map(([, prefix]) => prefix ?? '');
    const told = refs.filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)));
    const all = prefixes.includes(HEADS);
    const honest = answer === 'plain' || answer === 'half';
    this.#note(repository, told, { honest, whole: answer !== 'cut', all });
    const text = refsAnswer(told);
    return gitResponse(answer === 'cut' ? text.slice(0, -4) : text, 'result');
  }

  /** Answers what was asked about pull request 7 of a project's repository. */
  respondPull(project: SimulatedProject): Response | Promise<Response> {
    const repository = this.of(project.name);
    const { pull } = repository;
    const { at } = this.#moment();
    const openedAt = pull === 'young' ? at + HOUR : at - 900 * HOUR;
    const closedAt = pull === 'open' ? null : at - (pull === 'recent' ? HOUR / 6 : 2 * HOUR);
    repository.told = { at, openedAt, closedAt: pull === 'closed' || pull === 'young' ? closedAt : null };
    if (pull === 'late') return Promise.reject(new Error('timed out'));
    if (pull === 'missing') return new Response('', { status: 404 });
    return Response.json({
      ...{ number: pull === 'other' ? 8 : 7, state: pull === 'open' ? 'open' : 'closed', merged_at: null },
      base: { repo: { full_name: `example-org/${project.name}` } },
      created_at: new Date(openedAt).toISOString(),
      closed_at: closedAt === null ? null : new Date(closedAt).toISOString(),
    });
  }

  /** Since when `pr-7` counts as gone by what was told last of its pull request; `null`: it does not. */
  #closedSince(project: string, rows: readonly Row[]): number | null {
    const { told, readings } = this.of(project);
    const last = readings.findLast(({ all }) => all);
    const created = rows.flatMap((row) =>
      row.branch === 'pr-7' && row.environment === 'preview' ? [row.createdAt] : [],
    );
    const newest = Math.max(...created);
    if (told?.closedAt == null || created.length === 0 || !last?.whole || last.names.has('pr-7')) return null;
    return told.openedAt < newest && newest < told.at ? Math.max(told.closedAt, newest) : null;
  }

  #note(repository: Repository, refs: readonly Ref[], what: Pick<Reading, 'honest' | 'whole' | 'all'>): void {
    const names = new Set(refs.map(({ name }) => name.slice(HEADS.length)));
    repository.readings.push({ ...this.#moment(), names, ...what });
  }

  /** The preview branches among these rows that what was told supports as gone, and since when. */
  goneOf(
    { name, productionBranch }: Pick<SimulatedProject, 'name' | 'productionBranch'>,
    rows: readonly Row[],
    { withPulls = true } = {},
  ): Map<string, number> {
    const gone = new Map<string, number>();
    for (const branch of new Set(rows.map((row) => row.branch))) {
      const newest = Math.max(...rows.filter((row) => row.branch === branch).map((row) => row.createdAt));
      let first: number | null = null;
      let last: number | null = null;
      for (const { at, names, honest, all } of this.of(name).readings) {
        if (names.has(branch)) first = last = null;
        else if (honest && all && at > newest) {
          first ??= at;
          last = at;
        }
      }
      const isLong = first !== null && last !== null && last - first >= HOUR;
      if (isLong && branch !== productionBranch) gone.set(branch, first ?? 0);
    }
    const closed = withPulls ? this.#closedSince(name, rows) : null;
    if (closed !== null && productionBranch !== 'pr-7' && !gone.has('pr-7')) gone.set('pr-7', closed);
    return gone;
  }

  /** Whether this very invocation was told that a branch is not there, and was told nothing else. */
  isLookedFor(project: string, branch: string): boolean {
    const { alarm } = this.#moment();
    const now = this.of(project).readings.filter((reading) => reading.alarm === alarm && reading.whole);
    return now.length > 0 && now.every(({ names }) => !names.has(branch));
  }
}

function gitResponse(text: string, what: string): Response {
  return new Response(bytesOf(text), {
    headers: { 'content-type': `application/x-git-upload-pack-${what}` },
  });
}

/** Answers that tell nothing of any branch; `null`: it is none of these. */
function insteadOf(answer: GitAnswer): (() => Response | Promise<Response>) | null {
  switch (answer) {
    case 'elsewhere':
      return () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/' } });
    case 'page':
      return () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    case 'late':
      return () => Promise.reject(new Error('timed out'));
    case 'down':
      return () => new Response('down', { status: 503 });
    case 'huge':
      return () => gitResponse('x'.repeat(1_000_001), 'advertisement');
    default:
      return null;
  }
}

/** What a repository is said to hold: a branch for each that has deployments, at the commit that was built last. */
function refsOf(project: SimulatedProject, { removed, answer }: Repository): Ref[] {
  if (answer === 'empty') return [];
  const heads = new Map<string, string>([[project.productionBranch, 'a'.repeat(40)]]);
  for (const { branch, hash } of [...project.deployments].sort((a, b) => a.createdAt - b.createdAt))
    heads.set(branch, hash);
  for (const branch of removed) heads.delete(branch);
  const refs = [...heads].map(([name, commit], place) => ({
    name: HEADS + name,
    commit: answer === 'forged' ? `${place}`.repeat(40).slice(0, 40) : commit,
  }));
  if (answer === 'other')
    return refs
      .filter(({ name }) => name === `${HEADS}${project.productionBranch}`)
      .map((ref) => ({ ...ref, commit: 'e'.repeat(40) }));
  return answer === 'half' ? refs.filter((_, place) => place % 2 === 0) : refs;
}
