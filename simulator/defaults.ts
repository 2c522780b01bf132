// What a deployment is when a test does not say: an ordinary, successful build of the production branch.
// Must not keep state.
import type { DeploymentOptions } from './options.ts';
import type { Seeded } from './seeded.ts';

const MESSAGES = [
  'Fix the sidebar on small screens',
  'Update dependencies',
  'Add search to the docs',
  'Correct the opening hours',
  'Merge branch feature/checkout',
  'Speed up the image pipeline',
] as const;

const UPLOAD_MS = 3_000;

/** What a deployment takes over from its project. */
interface Builds {
  readonly productionBranch: string;
  readonly source: 'github' | 'gitlab' | null;
  readonly buildMs: number;
}

/** Completes what a test said about a deployment of `project`. */
export function withDefaults(
  options: DeploymentOptions,
  project: Builds,
  seeded: Seeded,
): Required<DeploymentOptions> {
  const branch = options.branch ?? project.productionBranch;
  const upload = options.upload ?? project.source === null;
  const outcome = options.outcome ?? 'success';
  return {
    createdAt: options.createdAt,
    branch,
    upload,
    outcome,
    environment: options.environment ?? (branch === project.productionBranch ? 'production' : 'preview'),
    buildMs: options.buildMs ?? (upload ? UPLOAD_MS : project.buildMs),
    message: options.message ?? seeded.pick(MESSAGES),
    hash: options.hash ?? seeded.hex(40),
    dirty: options.dirty ?? upload,
    trigger: options.trigger ?? (upload ? 'ad_hoc' : 'github:push'),
    id: options.id ?? seeded.uuid(),
    skipReason: options.skipReason ?? (outcome === 'skipped' ? 'commit_message' : null),
  };
}
