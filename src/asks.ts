// What a request may have the Keeper do, and what it is answered: a build, and nothing else. Types only.

/** A build that somebody asks for. */
export interface BuildRequest {
  readonly project: string;
  /** `null`: the one that its rule builds. */
  readonly branch: string | null;
  readonly by: 'hook' | 'button';
}

/**
 * What becomes of it. `unknown`: no such project, or its rule does not say `rebuild.hook`; `no-source`: the API cannot build
 * it; `full`: too many branches wait; `starting`: nothing is known yet. Epoch ms.
 */
export type Asked =
  | { readonly kind: 'unknown' | 'no-source' | 'full' | 'starting' }
  | { readonly kind: 'asked'; readonly project: string; readonly branch: string; readonly buildAt: number };

/** The one thing that a request may have done: a build, at its time. Nothing is ever deleted by it. */
export interface KeeperAsks {
  ask(request: BuildRequest): Promise<Asked>;
}
