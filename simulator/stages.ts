// How a build stands at a given moment: pure arithmetic on when it was created, how long it takes and how it ends.
// Must not keep state; asking about the past or the future is fine.

/** How a deployment ends; `idle` never starts (builds were off), `building` never ends. */
export type Outcome = 'success' | 'failure' | 'canceled' | 'skipped' | 'idle' | 'building';

/** One stage, in epoch milliseconds. */
export interface Stage {
  readonly name: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly status: 'success' | 'idle' | 'active' | 'failure' | 'canceled' | 'skipped';
}

/** What the stages of a deployment follow from. `upload`: Direct Upload, which has no build. */
export interface Build {
  readonly createdAt: number;
  readonly buildMs: number;
  readonly outcome: Outcome;
  readonly upload: boolean;
}

/** The five stages in their fixed order, and the share of the build's whole time after which each ends. */
const STAGES = [
  ['queued', 0.05],
  ['initialize', 0.15],
  ['clone_repo', 0.2],
  ['build', 0.8],
  ['deploy', 1],
] as const;

/** Builds that fail or are cancelled do so at the end of the `build` stage. */
const BREAKS_AT = 0.8;
const QUEUED_AFTER_MS = 150;

/** When the deployment reaches its end, `null` if never. */
export function endsAt(build: Build): number | null {
  switch (build.outcome) {
    case 'success':
      return build.createdAt + build.buildMs;
    case 'failure':
    case 'canceled':
      return build.createdAt + (build.upload ? build.buildMs : Math.round(build.buildMs * BREAKS_AT));
    case 'skipped':
      return build.createdAt;
    default:
      return null;
  }
}

/** The build time with which a build of this outcome, created at `createdAt`, ends exactly at `end`. */
export function buildMsFor(outcome: Outcome, upload: boolean, createdAt: number, end: number): number {
  const breaks = !upload && (outcome === 'failure' || outcome === 'canceled');
  return breaks ? (end - createdAt) / BREAKS_AT : end - createdAt;
}

/** The five stages as the API shows them at `now`, and which of them is `latest_stage`. */
export function stagesAt(build: Build, now: number): { stages: Stage[]; latest: Stage } {
  // What is skipped is a build, so a push: an upload is not.
  const stages =
    build.upload && build.outcome !== 'skipped' ? uploadStages(build, now) : gitStages(build, now);
  const latest = stages.findLast((stage) => stage.status !== 'idle') ?? stages[0];
  if (!latest) throw new Error('a deployment has five stages');
  return { stages, latest };
}

function gitStages(build: Build, now: number): Stage[] {
  const { createdAt, buildMs, outcome } = build;
  let start = createdAt + Math.min(QUEUED_AFTER_MS, buildMs * 0.01);
  return STAGES.map(([name, share]) => {
    const idle: Stage = { name, startedAt: null, endedAt: null, status: 'idle' };
    if (outcome === 'idle') return idle;
    if (outcome === 'skipped')
      return name === 'queued' ? { name, startedAt: createdAt, endedAt: createdAt, status: 'skipped' } : idle;
    const broken = (outcome === 'failure' || outcome === 'canceled') && share > BREAKS_AT;
    const from = start;
    const end = createdAt + Math.round(buildMs * share);
    start = end;
    if (broken || (outcome === 'building' && share > BREAKS_AT)) return idle;
    // `queued` is shown as active from the first moment on.
    if (name !== 'queued' && now < from) return idle;
    const stuck = outcome === 'building' && name === 'build';
    if (stuck || now < end) return { name, startedAt: from, endedAt: null, status: 'active' };
    const breaks = (outcome === 'failure' || outcome === 'canceled') && share === BREAKS_AT;
    return { name, startedAt: from, endedAt: end, status: breaks ? outcome : 'success' };
  });
}

/** A finished Direct Upload still shows `queued` as active, and `deploy` without a start. So does the real API. */
function uploadStages(build: Build, now: number): Stage[] {
  const end = endsAt(build);
  const ended = end !== null && now >= end;
  const status = build.outcome === 'failure' || build.outcome === 'canceled' ? build.outcome : 'success';
  return STAGES.map(([name]) => {
    if (name === 'queued') return { name, startedAt: build.createdAt, endedAt: null, status: 'active' };
    if (name === 'deploy' && ended) return { name, startedAt: null, endedAt: end, status };
    return { name, startedAt: null, endedAt: null, status: 'idle' };
  });
}
