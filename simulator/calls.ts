// The log of calls that tests assert on, and what a call says about itself before it is answered.
// Must not hold headers: tests print these records.

/** One call the simulator received. */
export interface Call {
  /** When it arrived. */
  readonly at: number;
  readonly method: string;
  /** After `/client/v4`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly project: string | null;
  readonly deploymentId: string | null;
  readonly force: boolean;
  /** The branch a POST of a deployment asked for. */
  branch: string | null;
  /** 0: no answer was given (dropped, timed out, still under way). */
  status: number;
  /** Whether it changed the account. */
  effect: boolean;
  /** The kind of the fault that hit it. */
  fault: string | null;
}

const BASE = '/client/v4';
const TARGET = /^\/accounts\/[^/]+\/pages\/projects\/([^/]+)(?:\/deployments\/([^/]+))?/;

/** Reads a request; the API may be mounted under any prefix that ends in `/client/v4`. */
export function readCall(request: Request, at: number): { call: Call; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(request.url);
  const base = pathname.indexOf(BASE);
  const path = base < 0 ? pathname : pathname.slice(base + BASE.length);
  const [, project = null, deploymentId = null] = TARGET.exec(path) ?? [];
  const call: Call = {
    at,
    method: request.method,
    path,
    query: Object.fromEntries(searchParams),
    project: project === null ? null : decode(project),
    deploymentId: deploymentId === null ? null : decode(deploymentId),
    force: searchParams.get('force') === 'true',
    branch: null,
    status: 0,
    effect: false,
    fault: null,
  };
  return { call, query: searchParams };
}

/** A path segment's text; one that is no valid percent-encoding stands for itself. */
export function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
