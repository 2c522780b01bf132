// One deployment of the simulated account: what was asked for when it was created, and how it stands at a moment.
// Must not know its JSON shape (wire.ts) nor the rules of the API (deployments-api.ts).
import type { DeploymentOptions } from './options.ts';
import { buildMsFor, endsAt, type Outcome, type Stage, stagesAt } from './stages.ts';

/** One deployment. `outcome` and `buildMs` may be changed by a test; the stages follow. */
export class SimulatedDeployment {
  readonly id: string;
  readonly createdAt: number;
  readonly sequence: number;
  readonly branch: string;
  readonly environment: 'production' | 'preview';
  readonly message: string;
  readonly hash: string;
  readonly dirty: boolean;
  readonly trigger: string;
  readonly upload: boolean;
  outcome: Outcome;
  buildMs: number;
  skipReason: string | null;
  /** The lines of its log; `null`: those of any build that ends like it. */
  log: readonly string[] | null = null;
  /** It holds its branch's alias, yet the API lists `aliases: null`: seen after the forced delete of a newer one. */
  hidesAlias: boolean = false;

  constructor(options: Required<DeploymentOptions>, sequence: number) {
    this.id = options.id;
    this.createdAt = options.createdAt;
    this.sequence = sequence;
    this.branch = options.branch;
    this.environment = options.environment;
    this.message = options.message;
    this.hash = options.hash;
    this.dirty = options.dirty;
    this.trigger = options.trigger;
    this.upload = options.upload;
    this.outcome = options.outcome;
    this.buildMs = options.buildMs;
    this.skipReason = options.skipReason;
  }

  /** When it ends or ended; `null` if never. */
  get endsAt(): number | null {
    return endsAt(this);
  }

  isSuccessful(now: number): boolean {
    return this.outcome === 'success' && now >= this.createdAt + this.buildMs;
  }

  stages(now: number): { stages: Stage[]; latest: Stage } {
    return stagesAt(this, now);
  }

  /** Ends the build at `now`, as a person who cancels it in the dashboard does. */
  finish(outcome: 'success' | 'failure' | 'canceled', now: number): void {
    this.outcome = outcome;
    this.buildMs = buildMsFor(outcome, this.upload, this.createdAt, now);
  }
}
