// What happens in a story: each event as it befalls the account, the repositories, the settings, the process or an answer. Checks
// nothing.

import type { SimulatedDeployment, SimulatedProject } from '../../simulator/account.ts';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import type { Json } from '../../simulator/wire.ts';
import { DAY, MINUTE, START, type World } from '../keeper/world.ts';
import type { Event, Story } from './events.ts';
import type { Repositories } from './git.ts';
import { expiredIds, type Policy, type Row } from './oracle.ts';
import { rowsOf, type Snapshot, type Watch } from './watch.ts';

/** A project as an answer showed it. */
export type Seen = Snapshot & { readonly project: string };

/** No value of DRY_RUN. */
export const BROKEN = 'perhaps';

/** RULES by one of the story's rules. */
export function rulesFor(story: Story, index: number): unknown {
  const asks = story.content.length > 0 ? { ifChanged: 'https://cms.example/feed.json' } : {};
  const { retryFailed } = story;
  const rebuild = { rebuild: { ifOlderThanMinutes: 55, hook: true, retryFailed, ...asks } };
  return [{ projects: ['*'], ...(story.rebuild ? rebuild : {}), prune: story.rules[index] }];
}

/** Has an event happen; gives what goes wrong with the call that it befalls, if anything does. */
export function happen(
  world: World,
  watch: Watch,
  git: Repositories,
  story: Story,
  event: Event,
): Fault | null {
  const { account } = world.simulator;
  const project = account.projects[event.project % account.projects.length];
  if (!project) return null;
  const rows = project.deployments;
  const now = world.now();
  switch (event.do) {
    case 'push':
      project.push(event.branch, now, { outcome: event.ends });
      git.of(project.name).removed.delete(event.branch);
      return null;
    case 'remove': {
      const victim = rows[event.nth % Math.max(1, rows.length)];
      if (victim && victim !== project.canonical) {
        watch.taking(project.name, victim);
        project.remove(victim.id);
      }
      return null;
    }
    case 'rollback': {
      const targets = rows.filter((row) => row.environment === 'production' && row.isSuccessful(now));
      const target = targets[event.nth % Math.max(1, targets.length)];
      if (target) project.rollback(target.id);
      return null;
    }
    case 'rules': {
      const index = (event.rules + story.rules.length) % story.rules.length;
      watch.changeRules(index);
      world.settings.RULES = rulesFor(story, index);
      return null;
    }
    case 'brake':
      watch.brake(event.on);
      world.settings.DRY_RUN = event.on ? 'true' : 'false';
      return null;
    case 'crash':
      world.restart();
      return null;
    case 'again':
      void world.keeper
        .tick({ cron: '0 * * * *', scheduledTime: world.runs()[0]?.scheduledAt ?? START })
        .catch(() => null);
      return null;
    case 'block':
      return { kind: 'block' };
    case 'rename':
      project.renameProductionBranch(event.branch);
      return null;
    case 'recreate':
      for (const row of rows) watch.taking(project.name, row);
      account.deleteProject(project.name);
      account.addProject({ name: project.name, source: project.source }).add({ createdAt: now - DAY });
      return null;
    case 'view':
      // Refused where the configuration is broken.
      void world.keeper.view(project.name, () => null).catch(() => null);
      return null;
    case 'ask':
      watch.asked += 1;
      void world.keeper.ask({ project: project.name, branch: event.branch, by: event.by }).catch(() => null);
      return null;
    case 'tick': {
      const scheduledTime = Math.floor(now / MINUTE) * MINUTE;
      void world.keeper.tick({ cron: '30 * * * *', scheduledTime }).catch(() => null);
      return null;
    }
    case 'broken':
      // Whatever is wrong with DRY_RUN, nothing may be deleted; mended it is off.
      watch.brake(event.on);
      world.settings.DRY_RUN = event.on ? BROKEN : 'false';
      return null;
    case 'branch':
      git.of(project.name).removed[event.there ? 'delete' : 'add'](event.branch);
      return null;
    case 'git':
      git.of(project.name).answer = event.answer;
      return null;
    case 'pull':
      git.of(project.name).pull = event.answer;
      return null;
    case 'word':
      return { kind: 'alter', change: (body) => withWord(body, event) };
    case 'swap':
      return { kind: 'alter', change: (body) => swapped(body, event.nth) };
    case 'die':
      world.onPoint = (point) => {
        if (point !== event.at) return;
        world.onPoint = null;
        world.restart();
      };
      return null;
    case 'late':
      fireLate(world, event.minutes * MINUTE);
      return null;
    case 'promote': {
      const isReady = (one: SimulatedDeployment) => one.environment === 'production' && one.isSuccessful(now);
      const target = wantedGone(world, event.nth, isReady);
      target?.project.rollback(target.deployment.id);
      return null;
    }
    case 'revive': {
      const target = wantedGone(
        world,
        event.nth,
        (one, alive) => one.environment === 'preview' && !alive(one.branch).has(one.id),
      );
      target?.project.push(target.deployment.branch, now, { outcome: 'success' });
      if (target) git.of(target.project.name).removed.delete(target.deployment.branch);
      return null;
    }
    case 'hide':
      // By the call that it befalls: see `hide`.
      return null;
    case 'fault':
      return event.fault;
  }
}

/** A deployment that the rules want gone. */
interface Wanted {
  readonly project: SimulatedProject;
  readonly deployment: SimulatedDeployment;
}

/** What a push to a preview branch adds, while it is built. */
function pushed(branch: string, createdAt: number): Row {
  const state = { success: false, finished: false, skipped: false };
  return { id: 'pushed', environment: 'preview', branch, createdAt, ...state };
}

/**
 * The `nth` of what the rules want gone at this moment and `is` holds of: of all projects, that of the call under way last, and the
 * newest first, with which queues end. `alive`: what they want gone once that branch is pushed to.
 */
function wantedGone(
  { simulator, settings, now }: World,
  nth: number,
  is: (one: SimulatedDeployment, alive: (branch: string) => ReadonlySet<string>) => boolean,
): Wanted | undefined {
  const policies = (settings.RULES as { prune: Policy[] }[])[0]?.prune ?? [];
  const wanted = simulator.account.projects.flatMap((project) => {
    const rows = rowsOf(project, now());
    const goes = (all: readonly Row[]) => expiredIds(all, project.canonical?.id ?? null, policies, now());
    const expired = goes(rows);
    const alive = (branch: string) => goes([...rows, pushed(branch, now())]);
    return project.deployments
      .filter((one) => expired.has(one.id) && is(one, alive))
      .map((deployment) => ({ project, deployment }));
  });
  const busy = simulator.calls.at(-1)?.project;
  const isBusy = ({ project }: Wanted) => Number(project.name === busy);
  wanted.sort((a, b) => isBusy(a) - isBusy(b) || b.deployment.createdAt - a.deployment.createdAt);
  return wanted[nth % Math.max(1, wanted.length)];
}

/** The platform fires the next alarm so much later than it is due. */
function fireLate(world: World, ms: number): void {
  const { step } = world;
  world.step = () => {
    world.step = step;
    world.setNow(Math.max(world.now(), world.alarmAt() ?? 0) + ms);
    return step();
  };
}

/** The answer with two neighbours the other way round; an answer of fewer rows as it is. */
function swapped(body: Json, nth: number): Json {
  const { result } = body;
  if (!Array.isArray(result) || result.length < 2) return body;
  const place = nth % (result.length - 1);
  const [one, other] = result.slice(place, place + 2);
  return { ...body, result: result.toSpliced(place, 2, other, one) };
}

/** A list that lacks one of its rows and does not count it, and the account as it shows it; `null`: it is no such list. */
export function hide(
  world: World,
  call: FaultyCall,
  nth: number,
): { id: string; fault: Fault; seen: Seen } | null {
  const project = call.project === null ? null : world.simulator.account.find(call.project);
  if (call.method !== 'GET' || !call.path.endsWith('/deployments') || !project) return null;
  const from = (Number(call.query.page ?? 1) - 1) * 25;
  const page = project.deployments.slice(from, from + 25);
  const hidden = page[nth % Math.max(1, page.length)]?.id;
  if (hidden === undefined) return null;
  const rows = rowsOf(project, world.now()).filter(({ id }) => id !== hidden);
  const change = (body: Json): Json => {
    const info = body.result_info as Json | undefined;
    if (!Array.isArray(body.result) || !info) return body;
    const result = body.result.filter(({ id }: Json) => id !== hidden);
    return { ...body, result, result_info: { ...info, total_count: Number(info.total_count) - 1 } };
  };
  return {
    id: hidden,
    fault: { kind: 'alter', change },
    seen: { project: project.id, rows, at: world.now() },
  };
}

/** The answer with one of its rows changed; an answer without rows as it is. */
function withWord(body: Json, { nth, row }: { readonly nth: number; readonly row: Json }): Json {
  const { result } = body;
  if (!Array.isArray(result) || result.length === 0) return body;
  const place = nth % result.length;
  return { ...body, result: result.map((one, index) => (index === place ? { ...one, ...row } : one)) };
}
