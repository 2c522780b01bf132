// What a test may say about the projects and deployments it adds to the simulated account: types only.
import type { Outcome } from './stages.ts';

/** What a test may say about a project it adds; everything but the name has a default. */
export interface ProjectOptions {
  name: string;
  /** `null`: Direct Upload. */
  source?: 'github' | 'gitlab' | null;
  productionBranch?: string;
  /** Custom domains. */
  domains?: readonly string[];
  buildOutcome?: 'success' | 'failure';
  buildMs?: number;
  createdAt?: number;
  id?: string;
  /** Plain variables; by default one that holds a canary, so that a leak is found. */
  envVars?: Readonly<Record<string, string>>;
  /** Subdomain, where it is not `{name}.pages.dev`. */
  subdomain?: string;
}

/** An answer with which the API refuses to start builds: a quota that is used up, a lost Git connection, … */
export interface BuildRefusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** What a test may say about a deployment it adds; everything but the time has a default. */
export interface DeploymentOptions {
  createdAt: number;
  branch?: string;
  outcome?: Outcome;
  buildMs?: number;
  message?: string;
  hash?: string;
  dirty?: boolean;
  trigger?: string;
  id?: string;
  /** By default: production for the production branch, else preview. */
  environment?: 'production' | 'preview';
  skipReason?: string | null;
  /** A Direct Upload; by default where the project has no Git source. */
  upload?: boolean;
}
