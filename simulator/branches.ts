// The branches of one project: each with its previews and the slug of its alias.
// Must not decide what may be deleted; it only tells which deployment an alias serves.
import { aliasSlug } from './aliases.ts';
import type { SimulatedDeployment } from './deployment.ts';
import type { Seeded } from './seeded.ts';
import { Timeline } from './timeline.ts';

interface Branch {
  readonly slug: string;
  readonly previews: Timeline<SimulatedDeployment>;
}

/** Previews by branch, and the aliases of the branches. A slug is given once and never taken back. */
export class Branches {
  readonly #branches = new Map<string, Branch>();
  readonly #slugs = new Set<string>();
  readonly #seeded: Seeded;

  constructor(seeded: Seeded) {
    this.#seeded = seeded;
  }

  add(deployment: SimulatedDeployment): void {
    let branch = this.#branches.get(deployment.branch);
    if (!branch) {
      const slug = aliasSlug(deployment.branch, this.#slugs, this.#seeded);
      this.#slugs.add(slug);
      branch = { slug, previews: new Timeline() };
      this.#branches.set(deployment.branch, branch);
    }
    if (deployment.environment === 'preview') branch.previews.add(deployment);
  }

  remove(deployment: SimulatedDeployment): void {
    this.#branches.get(deployment.branch)?.previews.remove(deployment);
  }

  slug(branch: string): string | null {
    return this.#branches.get(branch)?.slug ?? null;
  }

  /** The preview that the branch's alias serves: its newest success. */
  aliasHolder(branch: string, now: number): SimulatedDeployment | null {
    const previews = this.#branches.get(branch)?.previews;
    return previews?.findNewest((row) => row.isSuccessful(now)) ?? null;
  }
}
