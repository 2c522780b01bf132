// The demo account: ten projects of an invented company, each showing one thing the Keeper has to deal with.
// The same at every start, but for the clock. Must hold nothing real: names, people and domains are made up.
import type { Account, SimulatedProject } from './account.ts';
import type { Outcome } from './stages.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The project with the long history: so many deployments, so many of them older than 30 days. */
export const LONG_HISTORY = { name: 'docs', deployments: 5_000, older: 4_500 };

const TOPICS = [
  ['feature/checkout', 'Let customers pay by invoice'],
  ['feature/search', 'Search in titles first'],
  ['fix/sidebar', 'Keep the sidebar open on wide screens'],
  ['fix/opening-hours', 'Correct the opening hours'],
  ['renovate/all', 'Update all non-major dependencies'],
  ['chore/node-26', 'Build with Node 26'],
  ['redesign', 'Try the new colours'],
  ['übersetzung', 'Translate the imprint'],
] as const;

const MAIN = [
  'Publish the November newsletter',
  'Merge pull request #214 from acme/fix-sidebar',
  'Shrink the hero image',
  'Fix a typo on the pricing page',
  'Update dependencies',
  'Revert "Try the new colours"',
] as const;

/** Fills an account with the demo, as of `now`. */
export function fillDemo(account: Account, now: number): void {
  const since = { createdAt: now - 400 * DAY };
  website(account, now);
  longHistory(account, now);
  const handbook = account.addProject({ ...since, name: 'handbook' });
  history(account, handbook, { now, days: 40, every: 18 * HOUR });
  rollBack(handbook, now);
  failing(account, now);
  const blog = account.addProject({ ...since, name: 'blog', buildMs: 4 * MINUTE });
  history(account, blog, { now, days: 70, every: 24 * HOUR });
  blog.push('main', now - 20_000, { message: 'Post: what we learned in November' });
  const landing = account.addProject({ ...since, name: 'landing', source: null });
  history(account, landing, { now, days: 50, every: 24 * HOUR });
  monorepo(account, now);
  const domains = ['shop.example.com', 'www.shop.example.com'];
  const shop = account.addProject({ ...since, name: 'shop', domains, buildMs: 55_000 });
  history(account, shop, { now, days: 60, every: 20 * HOUR });
}

/** Something a developer does between two ticks, so that the page has news; says what it was. */
export function somebodyPushes(account: Account, now: number): string {
  const { seeded } = account;
  const project = account.project(seeded.pick(['website', 'blog', 'shop', 'api-console']));
  const [branch, message] = seeded.pick(TOPICS);
  project.push(branch, now, { message });
  return `${branch} in ${project.name}`;
}

interface Pace {
  readonly now: number;
  readonly days: number;
  /** Mean time between two deployments. */
  readonly every: number;
}

/** A project's ordinary life: mostly the production branch, some pull requests, a failure now and then. */
function history(account: Account, project: SimulatedProject, { now, days, every }: Pace): void {
  const { seeded } = account;
  let at = now - days * DAY;
  while (at < now - HOUR) {
    const preview = seeded.below(3) === 0;
    const [branch, message] = preview ? seeded.pick(TOPICS) : [project.productionBranch, seeded.pick(MAIN)];
    const luck = seeded.below(20);
    const outcome: Outcome = luck === 0 ? 'failure' : luck === 1 ? 'canceled' : 'success';
    project.add({ createdAt: at, branch, message, outcome });
    at += Math.round(every * (0.4 + seeded.below(1_200) / 1_000));
  }
}

/** Healthy. A busy hour, a month ago: with every minute of the demo one more of its previews expires. Their branch was removed since. */
function website(account: Account, now: number): void {
  const project = account.addProject({ name: 'website', createdAt: now - 400 * DAY, buildMs: 25_000 });
  history(account, project, { now, days: 90, every: 12 * HOUR });
  for (let minute = 1; minute <= 60; minute += 1)
    project.add({
      createdAt: now - 30 * DAY + minute * MINUTE,
      branch: 'load-test',
      message: `Load test, round ${minute}`,
    });
  project.removedBranches.add('load-test');
}

function longHistory(account: Account, now: number): void {
  const { name, deployments, older } = LONG_HISTORY;
  const project = account.addProject({ name, createdAt: now - 900 * DAY });
  const spread = (count: number, from: number, to: number) => {
    for (let at = 0; at < count; at += 1) {
      const createdAt = Math.round(from + ((to - from) * at) / count);
      const [branch, message] =
        at % 4 === 0 ? account.seeded.pick(TOPICS) : ['main', account.seeded.pick(MAIN)];
      project.add({ createdAt, branch, message, outcome: at % 25 === 7 ? 'failure' : 'success' });
    }
  };
  spread(older, now - 800 * DAY, now - 30 * DAY - HOUR);
  spread(deployments - older, now - 30 * DAY + HOUR, now - HOUR);
}

/** Back to an old deployment: what is live is neither the newest nor young. */
function rollBack(project: SimulatedProject, now: number): void {
  const old = project.deployments.findLast(
    (row) => row.environment === 'production' && row.isSuccessful(now),
  );
  if (old) project.rollback(old.id);
}

/** The last success was two months ago; every build since has failed, and so do new ones, which are all of one commit. */
function failing(account: Account, now: number): void {
  const project = account.addProject({
    name: 'api-console',
    createdAt: now - 400 * DAY,
    buildOutcome: 'failure',
  });
  const hash = account.seeded.hex(40);
  for (let day = 80; day > 0; day -= 2)
    project.add({
      createdAt: now - day * DAY,
      ...(day <= 6 ? { hash } : {}),
      message: day > 60 ? 'Show the request id' : 'Try again to fix the build',
      outcome: day > 60 ? 'success' : 'failure',
    });
  // So that its rebuilds wait from the first run on.
  project.add({ createdAt: now - HOUR, hash, message: 'Try again to fix the build', outcome: 'failure' });
}

/** Three projects on one repository: a push builds those whose paths it touches and skips the others. */
function monorepo(account: Account, now: number): void {
  const names = ['acme-web', 'acme-admin', 'acme-storybook'];
  const projects = names.map((name) => account.addProject({ name, createdAt: now - 300 * DAY }));
  for (let at = now - 45 * DAY; at < now - HOUR; at += 9 * HOUR) {
    const touched = account.seeded.below(projects.length);
    const hash = account.seeded.hex(40);
    const [branch, message] = account.seeded.pick([...TOPICS, ['main', 'Merge the release branch'] as const]);
    for (const [place, project] of projects.entries()) {
      const skipped = place !== touched && branch !== 'main';
      const options = { createdAt: at, branch, hash, message } as const;
      project.add(skipped ? { ...options, outcome: 'skipped', skipReason: 'path_config' } : options);
    }
  }
}
