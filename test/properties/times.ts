// Looks at the times that are told beside what they are about: when the next run is and when the last was, when what is shown was
// built, created, listed and deleted, until when it stays. Each is held to the account, to the calls that were answered, or to when
// a cron ticked. Fails by itself.

import { expect } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import { DAY, HOUR, MINUTE, type World } from '../keeper/world.ts';
import { dateOf, type Seen } from './drawn.ts';
import { ask, glance, json, number, plural, type Shown, type Truth } from './look.ts';
import { policyOf } from './oracle.ts';
import { rowsOf } from './watch.ts';
import { brief, CLOCK, clock, fromNow } from './words.ts';

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
/** `in 5 min`, `3 h ago`, `just now`. */
const FAR = '(just now|in under a minute|in \\d+ \\w+|\\d+ \\w+ ago)';

/** A time and how far away it is, as it follows upon some words; `undefined`: it does not. */
const after = (text: string, words: string): (string | undefined)[] =>
  new RegExp(`${words} ${CLOCK} ?(?:[a-z ]*)?,? ${FAR}`).exec(text)?.slice(1) ?? [];
const both = (at: number, now: number) => [clock(at, now), fromNow(at, now)];

/** When the next run is: the hour after the last one; `null`: none has ticked yet, or it is late by more than an hour. */
function nextTick({ tickedAt }: Seen, now: number): number | null {
  if (tickedAt === null || now > tickedAt + 2 * HOUR) return null;
  return now < tickedAt + HOUR ? tickedAt + HOUR : Math.floor(now / HOUR) * HOUR + HOUR;
}

/** What each page says of the next run. */
async function checkNext(world: World, shown: readonly Shown[], seen: Seen): Promise<void> {
  const now = world.now();
  const at = nextTick(seen, now);
  const { plan } = await json<{ plan: { project: string; nextPruneAt: string | null }[] }>(
    world,
    '/runs.json',
  );
  const own = shown.map(({ name, nextPruneAt }) => ({ project: name, nextPruneAt }));
  for (const { project, nextPruneAt } of [...own, ...plan])
    expect([project, nextPruneAt]).toEqual([project, iso(at)]);
  const words = at === null ? [] : both(at, now);
  expect(after((await glance(world, '/')).text, 'Next run')).toEqual(words);
  expect(after((await glance(world, '/runs')).text, 'Next pruning at')).toEqual(words);
  const runs = await ask(world, '/runs');
  for (const { name } of shown) {
    const { text } = await glance(world, `/projects/${name}`);
    expect([name, ...after(text, 'Next pruning')]).toEqual([name, ...words]);
    if (at === null) expect(text).toContain('Next pruning Not known yet');
    const row = runs.split('<tr role="row">').find((html) => html.includes(`<a href="/projects/${name}"`));
    const [, cell = ''] = /<td role="cell" class="u q">([^<]*)</.exec(row ?? '') ?? [];
    expect([name, cell.replace(' (dry run)', '')]).toEqual([
      name,
      at === null ? 'not known yet' : brief(at, now),
    ]);
  }
}

interface Ran {
  readonly id: string;
  readonly scheduledAt: string;
  readonly deletions: readonly {
    readonly id: string;
    readonly createdAt: string;
    readonly deletedAt: string;
    readonly outcome: string;
  }[];
}

/** When the last two runs were to begin, and when what they deleted was created and went. */
async function checkRuns(world: World, { ever }: Seen): Promise<void> {
  const now = world.now();
  const [last, ...others] = world.runs();
  const { text } = await glance(world, '/');
  if (last !== undefined)
    expect(new RegExp(`Last run ${CLOCK}`).exec(text)?.[1]).toBe(clock(last.scheduledAt, now));
  for (const { id } of last === undefined ? [] : [last, ...others.slice(0, 1)]) {
    // What a run is called says when it was to be.
    const at = Date.parse(`${id.slice(0, 13)}:${id.slice(14, 16)}:00Z`);
    const own = await json<Ran>(world, `/runs/${id}.json`);
    expect(own.scheduledAt).toBe(iso(at));
    const page = await glance(world, `/runs/${id}`);
    expect([page.heading, page.title]).toEqual([
      `Run of ${clock(at, now)}`,
      expect.stringContaining(`: run of ${clock(at, now)} - `),
    ]);
    expect(after(page.text, 'Scheduled')).toEqual(both(at, now));
    const rows = (await ask(world, `/runs/${id}`)).split('<tr role="row">');
    const row = (await ask(world, '/runs'))
      .split('<tr role="row">')
      .find((html) => html.includes(`"/runs/${id}"`));
    if (row !== undefined) expect(row).toContain(`<a href="/runs/${id}">${brief(at, now)}</a>`);
    for (const gone of own.deletions) {
      const createdAt = ever.get(gone.id)?.createdAt ?? 0;
      const sent = world.simulator.calls.filter(
        ({ method, deploymentId }) => method === 'DELETE' && deploymentId === gone.id,
      );
      const deletedAt = Date.parse(gone.deletedAt);
      expect([gone.id, gone.createdAt, sent.map((call) => call.at)]).toEqual([
        ...[gone.id, iso(createdAt), expect.arrayContaining([deletedAt])],
      ]);
      const words = rows.find((html) => html.includes(`<span class="m">${gone.id.slice(0, 8)}</span>`)) ?? '';
      expect(words).toContain(`created </span>${brief(createdAt, now)}<`);
      expect(words).toMatch(new RegExp(`class="u">[A-Z][A-Za-z ]* ${brief(deletedAt, now)}<`));
    }
  }
}

/** When what is live and what is newest was built. */
async function checkProject(
  world: World,
  { name, failedSinceLive }: Shown,
  project: SimulatedProject,
): Promise<void> {
  const now = world.now();
  const { text } = await glance(world, `/projects/${name}`);
  const live = project.canonicalAt(now);
  const builds = [...text.matchAll(new RegExp(`, built ${CLOCK} , ${FAR}`, 'g'))].map(([, ...said]) => said);
  for (const said of builds) expect([name, said]).toEqual([name, both(live?.createdAt ?? 0, now)]);
  expect([name, builds.length > 0]).toEqual([name, live !== null]);
  // Where newer builds have failed, the overview says what is live.
  const notices = [
    ...(await ask(world, '/')).matchAll(/<section class="n bad" aria-label="([^"]*)">(.*?)<\/section>/gs),
  ];
  for (const [, label = '', body = ''] of notices) {
    if (!label.startsWith(`${name}: the newest `)) continue;
    const [, many = '1'] = /the newest ([\d,]+) production builds failed/.exec(label) ?? [];
    expect([name, many]).toEqual([name, number(failedSinceLive)]);
    const words = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect([name, ...after(words, ', built')]).toEqual([name, ...both(live?.createdAt ?? 0, now)]);
  }
}

interface Row {
  readonly id: string;
  readonly createdAt: string;
  readonly verdict: { readonly action: string; readonly expiresAt: string | null };
}

/** When each deployment on a project's first page was created, and until when it stays; then the oldest and the newest by itself. */
async function checkDeployments(
  world: World,
  { name }: Shown,
  project: SimulatedProject,
  truth: Truth,
  seen: Seen,
) {
  const now = world.now();
  const html = (await ask(world, `/projects/${name}`)).split('<tr role="row">');
  const { deployments } = await json<{ deployments: Row[] }>(world, `/projects/${name}.json`);
  const next = nextTick(seen, now);
  for (const { id, verdict } of deployments) {
    const createdAt = project.get(id)?.createdAt ?? 0;
    const row = html.find((one) => one.includes(`/deployments/${id}"`)) ?? '';
    expect(row).toContain(`<td role="cell" class="u q">${brief(createdAt, now)}</td>`);
    const [, kept = ''] = /class="u kp">(.*?)<\/td>/s.exec(row) ?? [];
    const said = kept.replaceAll(/<[^>]*>/g, '');
    const expiresAt = verdict.expiresAt === null ? null : Date.parse(verdict.expiresAt);
    const until =
      expiresAt === null ? '' : `until ${dateOf(expiresAt, now)}, ${iso(expiresAt)?.slice(11, 16)}`;
    if (verdict.action === 'delete')
      expect(said).toMatch(
        new RegExp(`^(goes now|(goes|would go) at ${next === null ? 'the next run' : brief(next, now)})$`),
      );
    else if (expiresAt !== null) expect([id, said]).toEqual([id, until]);
    else expect(said).not.toMatch(/\d\d:\d\d/);
  }
  const expires = deployments.find(({ verdict }) => verdict.action === 'keep' && verdict.expiresAt !== null);
  for (const row of [deployments[0], expires, deployments.at(-1)]) {
    if (row !== undefined) await checkDeployment(world, name, project, row, truth, next);
  }
}

async function checkDeployment(
  world: World,
  name: string,
  project: SimulatedProject,
  { id, verdict }: Row,
  { policies }: Truth,
  next: number | null,
): Promise<void> {
  const now = world.now();
  const { text } = await glance(world, `/projects/${name}/deployments/${id}`);
  expect([id, ...after(text, 'Created')]).toEqual([id, ...both(project.get(id)?.createdAt ?? 0, now)]);
  const row = rowsOf(project, now).find((one) => one.id === id);
  const policy = row && policyOf(policies, row);
  const { olderThanDays = 0, keepLatest = 1 } = policy ?? {};
  const keeps = keepLatest === 1 ? 'success' : `${keepLatest} successes`;
  const rule = `prune[${policy && policies.indexOf(policy)}] : what is older than ${plural(olderThanDays, 'day')} goes, except the newest ${keeps} of each branch.`;
  expect(text).toContain(policy === undefined ? 'no prune policy covers it' : rule);
  // Only the newest success of a preview branch has a further address, and nothing newer is built here.
  const isNewest = row?.environment === 'preview' && project.aliasHolder(row.branch, now)?.id === id;
  expect([id, /(\d+) further address/.exec(text)?.[1]]).toEqual([id, isNewest ? '1' : undefined]);
  const expiresAt = verdict.expiresAt === null ? null : Date.parse(verdict.expiresAt);
  const [, said] = new RegExp(`deleted (?:after|at) ${CLOCK}`).exec(text) ?? [];
  const at = verdict.action === 'delete' ? next : expiresAt;
  if (said !== undefined) expect([id, said]).toEqual([id, at === null ? '' : clock(at, now)]);
  else
    expect([id, text]).toEqual([
      id,
      expect.stringMatching(/How long it stays (Kept|Is being|W\w+ be deleted at the next run)/),
    ]);
}

/** What is said of one that is no more: of the last that went. */
async function checkGone(world: World, { deleted }: Truth, { ever }: Seen): Promise<void> {
  const now = world.now();
  const id = Object.values(deleted).flat().at(-1);
  const { project = '', createdAt = 0 } = ever.get(id ?? '') ?? {};
  if (id === undefined) return;
  const went =
    world.simulator.calls.findLast(({ effect, deploymentId }) => effect && deploymentId === id)?.at ?? 0;
  const { text } = await glance(world, `/projects/${project}/deployments/${id}`);
  // A DELETE whose answer was lost is sent once more: then it was gone already.
  const [, deletedAt = '', far] =
    new RegExp(`It was (?:deleted|already gone when its turn came,) ${CLOCK} , ${FAR}`).exec(text) ?? [];
  expect([id, deletedAt, far]).toEqual([id, ...both(went, now)]);
  expect(text).toMatch(new RegExp(`, created ${clock(createdAt, now)} ?\\.`));
}

/** When branches had their newest deployment, and when deployments that are found were created or went. */
async function checkFound(world: World, { projects }: Truth, { ever }: Seen): Promise<void> {
  const now = world.now();
  const html = (await ask(world, '/find?q=dev')).split('<tr role="row">');
  for (const { name, deployments } of projects) {
    for (const environment of ['production', 'preview']) {
      const isOf = (one: { readonly branch: string }) => one.branch === 'dev';
      const here = deployments.filter((one) => isOf(one) && one.environment === environment);
      const row = html.find((one) => one.includes(`"/projects/${name}?branch=dev"`));
      const [, said] = /class="u q">([^<]*)</.exec(row ?? '') ?? [];
      // A branch is known to have had its newest deployment after that was deleted, too.
      const known = [...ever.values()].filter((one) => one.project === name && isOf(one));
      const newest = [here, known].map((some) => Math.max(...some.map(({ createdAt }) => createdAt)));
      if (here.length > 0)
        expect([name, newest.map((at) => brief(at, now))]).toEqual([name, expect.arrayContaining([said])]);
    }
  }
  for (const row of html) {
    const [, id = ''] = /class="nm" href="\/projects\/[^/]*\/deployments\/([^"]*)"/.exec(row) ?? [];
    const went = world.simulator.calls.findLast(
      ({ effect, deploymentId }) => effect && deploymentId === id,
    )?.at;
    if (went !== undefined && ever.has(id)) expect(row).toContain(`class="u q">${brief(went, now)}<`);
  }
  const [first] = projects[0]?.deployments ?? [];
  if (first === undefined) return;
  const rows = (await ask(world, `/find?q=${first.hash.slice(0, 8)}`)).split('<tr role="row">');
  const row = rows.find((one) => one.includes(`/deployments/${first.id}"`)) ?? '';
  expect(row).toContain(`class="u q">${brief(first.createdAt, now)}<`);
}

/** As of when everything is: every page says the same, the time at which the last list that was answered was asked for. */
async function checkAsOf(world: World, shown: readonly Shown[], { moments }: Seen): Promise<void> {
  const now = world.now();
  const listed = world.simulator.calls.findLast(
    ({ method, path, status, query }) =>
      method === 'GET' && path.endsWith('/projects') && status === 200 && query.per_page !== '1',
  );
  const asked = moments.filter((at) => at <= (listed?.at ?? 0)).map((at) => Math.floor(at / MINUTE) * MINUTE);
  const pages = ['/', '/runs', ...shown.map(({ name }) => `/projects/${name}`), '/find?q=p0'];
  const { stale } = await json<{ stale: boolean }>(world, '/status.json');
  const times = new Set<string>();
  for (const path of pages) {
    const html = await ask(world, path);
    const [, stamp = '', words, far] =
      /<span>As of <time datetime="([^"]*)">([^<]*)<\/time>, ([^<]*)<\/span>/.exec(html) ?? [];
    const at = Date.parse(stamp);
    times.add(stamp);
    expect([path, asked, words]).toEqual([path, expect.arrayContaining([at]), clock(at, now)]);
    // To the minute.
    expect([fromNow(at, now), fromNow(at + MINUTE - 1, now)]).toContain(far);
    const { text } = await glance(world, path);
    for (const [, told, before] of text.matchAll(new RegExp(`[aA]s of ${CLOCK}(?: \\(${FAR}\\))?`, 'g'))) {
      expect([path, told]).toEqual([path, clock(at, now)]);
      if (before !== undefined) expect(before).toBe(far);
    }
    if (path === '/') expect([now - at > 15 * MINUTE ? stale : true]).toEqual([true]);
  }
  expect(times.size).toBe(1);
}

/** Every time that a program could read is the one that people read. */
async function checkStamps(world: World, paths: readonly string[]): Promise<void> {
  const now = world.now();
  for (const path of paths) {
    const html = await ask(world, path);
    for (const [, stamp = '', words] of html.matchAll(/<time datetime="([^"]*)">([^<]*)<\/time>/g))
      expect([path, stamp, words]).toEqual([path, stamp, clock(Date.parse(stamp), now)]);
  }
}

/** What is said of crons that have missed their time, and since when the API has not answered. */
async function checkMissed(world: World, { tickedAt }: Seen): Promise<void> {
  const now = world.now();
  const { text } = await glance(world, '/');
  const [, ticked] = new RegExp(`No run has started since that of ${CLOCK}`).exec(text) ?? [];
  const [, due] = new RegExp(`The next was due at ${CLOCK}`).exec(text) ?? [];
  if (ticked !== undefined)
    expect([ticked, due]).toEqual([tickedAt ?? 0, (tickedAt ?? 0) + HOUR].map((at) => clock(at, now)));
  const [, silent] = new RegExp(`API did not answer at ${CLOCK}`).exec(text) ?? [];
  const failed = world.simulator.calls.filter(
    ({ path, status }) => path.endsWith('/projects') && status === 500,
  );
  if (silent !== undefined) expect(failed.map(({ at }) => clock(at, now))).toContain(silent);
  expect(now - (tickedAt ?? now)).toBeLessThan(9 * DAY);
}

/** Holds all of it to what is true; `all`: each deployment too. */
export async function checkTimes(world: World, truth: Truth, seen: Seen, all: boolean): Promise<void> {
  const { projects: shown } = await json<{ projects: Shown[] }>(world, '/status.json');
  if (shown.length < truth.projects.length) return;
  await checkNext(world, shown, seen);
  await checkRuns(world, seen);
  await checkAsOf(world, shown, seen);
  await checkMissed(world, seen);
  await checkGone(world, truth, seen);
  for (const one of shown) {
    const project = truth.projects.find(({ name }) => name === one.name);
    if (project === undefined) throw new Error(`no project ${one.name}`);
    await checkProject(world, one, project);
    if (all && one.counts.total !== null) await checkDeployments(world, one, project, truth, seen);
  }
  if (all) await checkFound(world, truth, seen);
  await checkStamps(world, ['/', '/runs', ...shown.map(({ name }) => `/projects/${name}`)]);
}
