// How the simulator's own tests ask it: one call with the right token, the JSON read, the types the tests look at.
// Must not be used by the Worker's tests: those go through the Worker's client.
import { Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';

/** A stage on the wire. */
export interface StageJson {
  name: string;
  started_on: string | null;
  ended_on: string | null;
  status: string;
}

/** The parts of a deployment that tests look at. */
export interface DeploymentJson {
  id: string;
  short_id: string;
  environment: string;
  url: string;
  created_on: string;
  latest_stage: StageJson;
  stages: StageJson[];
  aliases: string[] | null;
  is_skipped: boolean;
  skip_reason?: string;
  source?: { type: string };
  files?: Record<string, string>;
  deployment_trigger: { type: string; metadata: Record<string, unknown> };
}

/** The parts of a project that tests look at. */
export interface ProjectJson {
  id: string;
  name: string;
  domains: string[];
  production_branch: string;
  source?: { type: string };
  latest_deployment: DeploymentJson | null;
  canonical_deployment: DeploymentJson | null;
}

/** An answer, read. */
export interface Asked<Result> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly result: Result;
  readonly info: Record<string, number> | undefined;
  readonly success: boolean;
  /** Of the first error. */
  readonly code: number | undefined;
}

/** A simulator with a clock that stands still until a test moves it. */
export function still(options: SimulatorOptions = {}) {
  const time = { now: Date.parse('2026-11-24T12:00:00Z') };
  const simulator = new Simulator({ now: () => time.now, ...options });
  return { time, simulator, account: simulator.account, ask: asker(simulator) };
}

/** Asks `METHOD path`, where the path is below the account's projects, or absolute with a leading `//`. */
export function asker(simulator: Simulator) {
  return async <Result>(
    line: string,
    body: BodyInit | null = null,
    init: RequestInit = {},
  ): Promise<Asked<Result>> => {
    const [method = 'GET', path = ''] = line.split(' ');
    const below = path.startsWith('//') ? path.slice(1) : `/accounts/account/pages/projects${path}`;
    const headers = { authorization: 'Bearer test-token' };
    const request = new Request(`https://api.test/client/v4${below}`, { method, headers, body, ...init });
    return read<Result>(await simulator.fetch(request));
  };
}

async function read<Result>(response: Response): Promise<Asked<Result>> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') && response.status !== 302;
  const { result, success, errors, result_info } = (json ? JSON.parse(text) : {}) as {
    result: Result;
    success: boolean;
    errors?: { code: number }[];
    result_info?: Record<string, number>;
  };
  const { status, headers } = response;
  return { status, headers, text, result, success, info: result_info, code: errors?.[0]?.code };
}
