// The simulated account: its projects by name. State only; the API on top of it is api.ts.
// Must not do input or output.
import type { ProjectOptions } from './options.ts';
import { SimulatedProject } from './project.ts';
import { Seeded } from './seeded.ts';

export { SimulatedDeployment } from './deployment.ts';
export type { BuildRefusal, DeploymentOptions, ProjectOptions } from './options.ts';
export { SimulatedProject } from './project.ts';

/** An account with Pages projects. A test changes it at will; the API shows whatever it holds. */
export class Account {
  /** What the token endpoints say the token's id is. */
  readonly tokenId = '0123456789abcdef0123456789abcdef';
  readonly seeded: Seeded;
  readonly #now: () => number;
  readonly #projects = new Map<string, SimulatedProject>();

  constructor({ seed = 1, now = Date.now }: { seed?: number; now?: () => number } = {}) {
    this.seeded = new Seeded(seed);
    this.#now = now;
  }

  /** In the order in which they were added. */
  get projects(): SimulatedProject[] {
    return [...this.#projects.values()];
  }

  /** Throws when there is no such project: a test that names a wrong one should hear of it. `find` does not. */
  project(name: string): SimulatedProject {
    const project = this.find(name);
    if (!project) throw new Error(`no project ${name} in the simulated account`);
    return project;
  }

  find(name: string): SimulatedProject | null {
    return this.#projects.get(name) ?? null;
  }

  addProject(options: ProjectOptions): SimulatedProject {
    if (this.#projects.has(options.name)) throw new Error(`two projects called ${options.name}`);
    const project = new SimulatedProject(options, this.seeded, this.#now);
    this.#projects.set(options.name, project);
    return project;
  }

  deleteProject(name: string): boolean {
    return this.#projects.delete(name);
  }
}
