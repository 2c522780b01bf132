// One project of the simulated account and its deployments: state and the events that change it, by whomever.
// Must not check what the API would refuse (deployments-api.ts): people have a dashboard too.
import { Branches } from './branches.ts';
import { withDefaults } from './defaults.ts';
import { SimulatedDeployment } from './deployment.ts';
import type { BuildRefusal, DeploymentOptions, ProjectOptions } from './options.ts';
import type { Seeded } from './seeded.ts';
import { Timeline } from './timeline.ts';

/** One project. Deployments are inserted in the order of creation; `canonical` is what production serves now. */
export class SimulatedProject {
  readonly id: string;
  readonly name: string;
  readonly subdomain: string;
  readonly source: 'github' | 'gitlab' | null;
  readonly createdAt: number;
  readonly envVars: Readonly<Record<string, string>>;
  productionBranch: string;
  domains: readonly string[];
  buildOutcome: 'success' | 'failure';
  buildMs: number;
  /** Set: every POST that would start a build is refused with it. */
  buildRefusal: BuildRefusal | null = null;
  /** Branches that its repository has no more, until somebody pushes one again. */
  readonly removedBranches = new Set<string>();
  readonly #seeded: Seeded;
  readonly #now: () => number;
  readonly #all = new Timeline<SimulatedDeployment>();
  readonly #environments = {
    production: new Timeline<SimulatedDeployment>(),
    preview: new Timeline<SimulatedDeployment>(),
  };
  readonly #branches: Branches;
  readonly #ids = new Map<string, SimulatedDeployment>();
  #sequence = 0;
  #rollback: { deployment: SimulatedDeployment; at: number } | null = null;

  constructor(options: ProjectOptions, seeded: Seeded, now: () => number) {
    this.id = options.id ?? seeded.uuid();
    this.name = options.name;
    this.subdomain = options.subdomain ?? `${options.name}.pages.dev`;
    this.source = options.source === undefined ? 'github' : options.source;
    this.productionBranch = options.productionBranch ?? 'main';
    this.domains = options.domains ?? [];
    this.buildOutcome = options.buildOutcome ?? 'success';
    this.buildMs = options.buildMs ?? 40_000;
    this.createdAt = options.createdAt ?? now();
    this.envVars = options.envVars ?? { DATABASE_URL: `CANARY-env-${options.name}` };
    this.#seeded = seeded;
    this.#branches = new Branches(seeded);
    this.#now = now;
  }

  /** A new array, newest first. */
  get deployments(): SimulatedDeployment[] {
    return this.#all.newest();
  }

  get canonical(): SimulatedDeployment | null {
    return this.canonicalAt(this.#now());
  }

  /** What production serves: the newest success, unless a rollback came after it was built. */
  canonicalAt(now: number): SimulatedDeployment | null {
    const newest = this.#environments.production.findNewest((deployment) => deployment.isSuccessful(now));
    const pinned = this.#rollback;
    return pinned && (newest?.endsAt ?? 0) <= pinned.at ? pinned.deployment : newest;
  }

  timeline(environment: 'production' | 'preview' | null): Timeline<SimulatedDeployment> {
    return environment === null ? this.#all : this.#environments[environment];
  }

  get(id: string): SimulatedDeployment | null {
    return this.#ids.get(id) ?? null;
  }

  /** The preview that the branch's alias serves: its newest success. */
  aliasHolder(branch: string, now: number): SimulatedDeployment | null {
    return this.#branches.aliasHolder(branch, now);
  }

  aliasUrl(branch: string): string {
    return `https://${this.#branches.slug(branch)}.${this.subdomain}`;
  }

  add(options: DeploymentOptions): SimulatedDeployment {
    const complete = withDefaults(options, this, this.#seeded);
    const deployment = new SimulatedDeployment(complete, this.#sequence++);
    this.#insert(deployment);
    return deployment;
  }

  /** A new build that moves through its stages from `now` on and ends as the project's builds do. */
  push(branch: string, now: number, options: Omit<DeploymentOptions, 'createdAt' | 'branch'> = {}) {
    this.removedBranches.delete(branch);
    return this.add({ outcome: this.buildOutcome, ...options, createdAt: now, branch });
  }

  /** Takes a deployment away. If it held its branch's alias, an older success serves it then, unlisted. */
  remove(id: string): boolean {
    const deployment = this.#ids.get(id);
    if (!deployment) return false;
    const now = this.#now();
    const held = this.aliasHolder(deployment.branch, now) === deployment;
    this.#ids.delete(id);
    this.#all.remove(deployment);
    this.#environments[deployment.environment].remove(deployment);
    this.#branches.remove(deployment);
    if (this.#rollback?.deployment === deployment) this.#rollback = null;
    const next = held ? this.aliasHolder(deployment.branch, now) : null;
    if (next) next.hidesAlias = true;
    return true;
  }

  /** Makes production serve this deployment until a newer build succeeds. */
  rollback(id: string): SimulatedDeployment {
    const deployment = this.#ids.get(id);
    if (!deployment) throw new Error(`no deployment ${id} to roll back to`);
    this.#rollback = { deployment, at: this.#now() };
    return deployment;
  }

  /** Deployments keep the environment they were created in. */
  renameProductionBranch(branch: string): void {
    this.productionBranch = branch;
  }

  #insert(deployment: SimulatedDeployment): void {
    const { id, environment } = deployment;
    if (this.#ids.has(id)) throw new Error(`two deployments with the id ${id}`);
    this.#ids.set(id, deployment);
    this.#all.add(deployment);
    this.#environments[environment].add(deployment);
    this.#branches.add(deployment);
  }
}
