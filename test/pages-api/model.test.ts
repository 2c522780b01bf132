// From the wire to the model: field by field, whatever the API sends; and how a build stands, by its latest stage alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BuildStatus,
  buildStatus,
  type Deployment,
  isFinished,
  isSuccessful,
  maySucceed,
  type Outcome,
  outcomeOf,
  strangeWords,
} from '../../src/pages-api/model.ts';
import { readDeployment, readProject } from '../../src/pages-api/wire.ts';
import { DIRECT_UPLOAD, FAILED, LIVE, PREVIEW, PROJECT } from './wire.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CREATED = Date.parse(PREVIEW.created_on);

const read = (change: Record<string, unknown>) => readDeployment({ ...PREVIEW, ...change });
const triggered = (metadata: unknown) => read({ deployment_trigger: { type: 'ad_hoc', metadata } });
const project = (change: Record<string, unknown>) => readProject({ ...PROJECT, ...change });

const sourceWith = (config: Record<string, unknown>) => {
  const { source } = PREVIEW as { source: { config: object } };
  return { ...source, config: { ...source.config, ...config } };
};

describe('a deployment', () => {
  it('of Git is read field by field', () => {
    expect(readDeployment(PREVIEW)).toEqual({
      id: '9b7a1c52-44de-4f0a-b3c1-6d2e8f90a1b2',
      environment: 'preview',
      branch: 'feature-search',
      createdAt: Date.parse('2026-10-26T20:37:55.472Z'),
      finishedAt: Date.parse('2026-10-26T20:38:34.041Z'),
      stage: 'deploy',
      stageStatus: 'success',
      skipped: false,
      skipReason: null,
      trigger: 'github:push',
      pushedTo: 'github:example-org/example-docs',
      url: 'https://9b7a1c52.example-docs-7xk.pages.dev',
      aliases: ['https://feature-search.example-docs-7xk.pages.dev'],
      commitHash: '1f0e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c',
      commitMessage: 'Add search to the docs.',
      commitDirty: false,
      recorded: null,
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['by somebody who uploads', { deployment_trigger: { type: 'ad_hoc' } }],
    ['to another host', { deployment_trigger: { type: 'gitlab:push' } }],
    ['to nobody knows where', { source: null }],
    ['to a repository without an owner', { source: sourceWith({ owner: '' }) }],
    ['to a repository without a name', { source: sourceWith({ repo_name: '' }) }],
  ])('was not pushed to a repository that is known: %s', (_, change) => {
    expect(readDeployment({ ...PREVIEW, ...change }).pushedTo).toBe('');
  });

  it('of a Direct Upload is finished, whatever its stages say', () => {
    const one = readDeployment(DIRECT_UPLOAD);
    expect(one).toMatchObject({ trigger: 'ad_hoc', commitDirty: true, branch: 'staging' });
    expect([isFinished(one), isSuccessful(one), buildStatus(one, CREATED)]).toEqual([true, true, 'ready']);
  });

  it('that failed has no aliases', () => {
    const one = readDeployment(FAILED);
    expect(one).toMatchObject({ stage: 'build', stageStatus: 'failure', aliases: [] });
    expect([isFinished(one), isSuccessful(one)]).toEqual([true, false]);
  });

  it('that was skipped says why', () => {
    const one = read({ is_skipped: true, skip_reason: 'superseded_queued_build' });
    expect(one).toMatchObject({ skipped: true, skipReason: 'superseded_queued_build' });
  });

  it('was skipped, was not, or says neither', () => {
    const said = [true, false, undefined, null, 'true', 1, 0, '', {}].map(
      (is_skipped) => read({ is_skipped }).skipped,
    );
    expect(said).toEqual([true, false, false, false, null, null, null, null, null]);
  });

  it('is the same one in other letters', () => {
    expect(read({ id: PREVIEW.id.toUpperCase() }).id).toBe(PREVIEW.id);
    expect(project({ id: PROJECT.id.toUpperCase() })?.id).toBe(PROJECT.id);
    // What is no UUID is not ours to change.
    expect(read({ id: 'Some-Other-Id' }).id).toBe('Some-Other-Id');
    for (const id of [`${PREVIEW.id.toUpperCase()}A`, `A${PREVIEW.id.toUpperCase()}`])
      expect(read({ id }).id).toBe(id);
  });

  it.each<[string, string, unknown[], Deployment[keyof Deployment]]>([
    [
      'id',
      'id',
      [undefined, null, 7, '', 'short', 'a/b/c/d/e', `${PREVIEW.id}?x=1`, '../../../..', 'x'.repeat(65)],
      '',
    ],
    [
      'created_on',
      'createdAt',
      [
        undefined,
        null,
        1_700_000_000_000,
        '',
        'yesterday',
        '2026-10-26',
        '2026-13-45T00:00:00Z',
        '1960-01-01T00:00:00Z',
        '1970-01-01T00:00:00Z',
        '+002026-10-26T20:37:55.000Z',
        ['2026-10-26T20:37:55Z'],
        Number.NaN,
      ],
      null,
    ],
    [
      'url',
      'url',
      [
        undefined,
        null,
        7,
        'http://x.test',
        'javascript:alert(1)',
        'javascript:https://x.test',
        ['https://x.test'],
        'https://',
        `https://x.test/${'x'.repeat(2_000)}`,
      ],
      '',
    ],
    ['latest_stage', 'stage', [undefined, null, 'deploy', [], { name: 7 }], ''],
    ['latest_stage', 'stageStatus', [undefined, null, 'success', [], { status: true }], ''],
    ['skip_reason', 'skipReason', [undefined, null, '', 7], null],
  ])('without a usable %s has an empty %s', (wire, field, values, empty) => {
    for (const value of values) expect(read({ [wire]: value })[field as keyof Deployment]).toBe(empty);
  });

  it.each([undefined, null, 7, {}, 'x'.repeat(1_001)])('without a usable branch (%j) has none', (branch) => {
    expect(triggered({ branch }).branch).toBe('');
  });

  it('has a branch as long as can be', () => {
    expect(triggered({ branch: 'x'.repeat(1_000) }).branch).toHaveLength(1_000);
  });

  it.each([undefined, null, 'main', [], { metadata: null }])('may have any trigger: %j', (trigger) => {
    expect(read({ deployment_trigger: trigger })).toMatchObject({ branch: '', trigger: '', commitHash: '' });
  });

  it('is of the environment that it names, and of none that we would have to guess', () => {
    const environments = ['preview', 'production', 'Preview', 'staging', '', undefined, null, 7].map(
      (environment) => read({ environment }).environment,
    );
    expect(environments).toEqual(['preview', 'production', ...Array<string>(6).fill('unknown')]);
  });

  it('has dates of any precision', () => {
    const dates = [
      '2026-10-26T20:37:55Z',
      '2026-10-26T20:37:55.4Z',
      '2026-10-26T20:37:55.472387Z',
      '2026-10-26T21:37:55+01:00',
    ];
    const at = Date.parse('2026-10-26T20:37:55Z');
    expect(dates.map((created_on) => read({ created_on }).createdAt)).toEqual([at, at + 400, at + 472, at]);
  });

  it('has the first line of its commit message, cut', () => {
    expect(triggered({ commit_message: 'One\nTwo' }).commitMessage).toBe('One');
    expect(triggered({ commit_message: 'A\nB' }).commitMessage).toBe('A');
    expect(triggered({ commit_message: 'All of it' }).commitMessage).toBe('All of it');
    expect(triggered({ commit_message: 'x'.repeat(5_000) }).commitMessage).toHaveLength(200);
    expect(triggered({ commit_message: 7 }).commitMessage).toBe('');
  });

  it('has texts no longer than are worth keeping', () => {
    const long = 'x'.repeat(5_000);
    const one = read({
      latest_stage: { name: long, status: long },
      skip_reason: long,
      deployment_trigger: { type: long, metadata: { commit_hash: long } },
    });
    const { stage, stageStatus, skipReason, trigger, commitHash } = one;
    const lengths = [stage, stageStatus, skipReason, trigger, commitHash].map((text) => text?.length);
    expect(lengths).toEqual([40, 40, 60, 40, 64]);
  });

  it('has aliases that are https, 20 at most', () => {
    const good = Array.from({ length: 30 }, (_, i) => `https://a${i}.test`);
    expect(read({ aliases: ['javascript:x', 'http://x.test', 7, null, ...good] }).aliases).toEqual(
      good.slice(0, 20),
    );
    expect(read({ aliases: 'https://x.test' }).aliases).toEqual([]);
  });
});

describe('a project', () => {
  it('is read field by field', () => {
    expect(readProject(PROJECT)).toEqual({
      id: '3f0c1d2e-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
      name: 'example-docs',
      subdomain: 'example-docs-7xk.pages.dev',
      domains: ['example-docs-7xk.pages.dev', 'docs.example.com', 'www.docs.example.com'],
      productionBranch: 'main',
      source: { type: 'github', owner: 'example-org', repo: 'example-docs' },
      builtOnPush: true,
      latest: readDeployment(FAILED),
      canonical: readDeployment(LIVE),
    });
  });

  it('is built on a push unless its source says otherwise', () => {
    const built = (config: object) =>
      project({ source: { type: 'github', config: { owner: 'a', repo_name: 'b', ...config } } })?.builtOnPush;
    expect(built({})).toBe(true);
    expect(built({ deployments_enabled: false })).toBe(false);
    expect(built({ production_deployments_enabled: false })).toBe(false);
  });

  it('has domains that are texts, cut, 600 at most', () => {
    expect(project({ domains: ['', 'a.test', 7, null, 'x'.repeat(300)] })?.domains).toEqual([
      'a.test',
      'x'.repeat(200),
    ]);
    expect(project({ domains: Array(700).fill('a.test') })?.domains).toHaveLength(600);
    expect(project({ domains: 'a.test' })?.domains).toEqual([]);
  });

  it.each([undefined, null, {}, { config: {} }, 'github'])(
    'with %j for a source has none: it cannot be built',
    (source) => {
      expect(project({ source })?.source).toBeNull();
    },
  );

  it.each([undefined, null])('with %s for what is embedded has nothing live', (nothing) => {
    const one = project({ latest_deployment: nothing, canonical_deployment: nothing });
    expect([one?.latest, one?.canonical]).toEqual([null, null]);
  });

  it('whose canonical deployment cannot be read has one without an id', () => {
    expect(project({ canonical_deployment: {} })?.canonical?.id).toBe('');
  });

  it.each([
    { id: undefined },
    { id: 'a/b/c/d/e' },
    { id: '' },
    { name: undefined },
    { name: '' },
    { name: '..' },
    { name: 'a/b' },
    { name: 'a?b' },
    { name: '-a' },
    { name: 'x'.repeat(101) },
  ])('with %j is none', (change) => {
    expect(project(change)).toBeNull();
  });
});

describe('how a build stands', () => {
  // stage, status; what became of it, whether it is finished, its word after a minute; what became of it if is_skipped says yes.
  it.each<[string, string, Outcome, boolean, BuildStatus, Outcome]>([
    ['deploy', 'success', 'success', true, 'ready', 'unknown'],
    ['build', 'success', 'unfinished', false, 'building', 'skipped'],
    ['queued', 'success', 'unfinished', false, 'building', 'skipped'],
    ['queued', 'active', 'unfinished', false, 'queued', 'skipped'],
    ['initialize', 'active', 'unfinished', false, 'building', 'skipped'],
    ['clone_repo', 'active', 'unfinished', false, 'building', 'skipped'],
    ['deploy', 'active', 'unfinished', false, 'building', 'skipped'],
    ['queued', 'idle', 'unfinished', false, 'queued', 'skipped'],
    ['build', 'idle', 'unfinished', false, 'queued', 'skipped'],
    ['build', 'failure', 'failure', true, 'failed', 'skipped'],
    ['deploy', 'failure', 'failure', true, 'failed', 'skipped'],
    ['clone_repo', 'canceled', 'canceled', true, 'canceled', 'skipped'],
    ['queued', 'skipped', 'skipped', true, 'skipped', 'skipped'],
    ['', 'failure', 'failure', true, 'failed', 'skipped'],
    ['publish', 'canceled', 'canceled', true, 'canceled', 'skipped'],
    ['deploy', 'Success', 'unknown', false, 'unknown', 'skipped'],
    ['Deploy', 'success', 'unknown', false, 'unknown', 'skipped'],
    ['publish', 'success', 'unknown', false, 'unknown', 'skipped'],
    ['publish', 'active', 'unknown', false, 'unknown', 'skipped'],
    ['', 'idle', 'unknown', false, 'unknown', 'skipped'],
    ['deploy', 'complete', 'unknown', false, 'unknown', 'skipped'],
    ['deploy', '', 'unknown', false, 'unknown', 'skipped'],
    ['', '', 'unknown', false, 'unknown', 'skipped'],
  ])('%s/%s: %s, finished %s, "%s"', (name, status, outcome, finished, word, whenSkipped) => {
    const one = read({ latest_stage: { name, status } });
    expect([outcomeOf(one), isFinished(one)]).toEqual([outcome, finished]);
    expect(buildStatus(one, CREATED + 60_000)).toBe(word);
    expect(isSuccessful(one)).toBe(outcome === 'success');
    expect(maySucceed(one)).toBe(outcome === 'success' || outcome === 'unknown');
    const skipped = { ...one, skipped: true };
    expect([outcomeOf(skipped), isFinished(skipped)]).toEqual([whenSkipped, true]);
    expect(buildStatus(skipped, CREATED)).toBe(whenSkipped);
    expect(outcomeOf({ ...one, skipped: null })).toBe('unknown');
  });

  it.each<[Partial<Deployment>, string[]]>([
    [{}, []],
    [{ stage: 'build', stageStatus: 'failure' }, []],
    [{ stage: 'queued', stageStatus: 'skipped', skipped: true }, []],
    [{ stage: '', stageStatus: '' }, ['no stage/no status']],
    [{ stageStatus: 'complete' }, ['deploy/complete']],
    [{ skipped: true }, ['is_skipped, deploy/success']],
    [{ skipped: null }, ['is_skipped, neither true nor false']],
    [{ environment: 'unknown' }, ['no environment that is known']],
    [{ stage: 'publish', environment: 'unknown' }, ['publish/success', 'no environment that is known']],
  ])('in words that nobody knows, which are told: %j', (change, words) => {
    expect(strangeWords({ ...readDeployment(PREVIEW), ...change })).toEqual(words);
  });

  it('is a success though something else of it is in doubt', () => {
    const { branch, createdAt } = readDeployment(PREVIEW);
    const recorded = { environment: 'production', branch, createdAt, success: true } as const;
    expect(outcomeOf({ ...readDeployment(PREVIEW), environment: 'unknown', recorded })).toBe('success');
  });

  it('is finished where it was deployed, though nobody knows whether it was skipped', () => {
    expect(isFinished({ ...readDeployment(PREVIEW), skipped: null })).toBe(true);
    expect(isFinished({ ...readDeployment(PREVIEW), stage: 'build', skipped: null })).toBe(false);
  });

  it('is "not built" when it has waited for more than an hour', () => {
    const one = read({ latest_stage: { name: 'queued', status: 'idle' } });
    expect(buildStatus(one, (one.createdAt ?? 0) + HOUR)).toBe('queued');
    expect(buildStatus(one, (one.createdAt ?? 0) + HOUR + 1)).toBe('not-built');
    expect(buildStatus({ ...one, createdAt: null }, CREATED)).toBe('queued');
  });

  it.each(['queued', 'build'])('nor is one under way that has been at %s for more than a day', (name) => {
    const one = read({ latest_stage: { name, status: 'active' } });
    const word = name === 'queued' ? 'queued' : 'building';
    expect(buildStatus(one, (one.createdAt ?? 0) + DAY)).toBe(word);
    expect(buildStatus(one, (one.createdAt ?? 0) + DAY + 1)).toBe('not-built');
  });
});

describe('whatever the API sends', () => {
  const keys = Object.keys(PREVIEW).concat(Object.keys(PROJECT));
  const anything = fc.oneof(
    fc.anything(),
    fc.dictionary(
      fc.constantFrom(...keys, 'name', 'status', 'metadata', 'branch', 'config', 'type'),
      fc.anything(),
    ),
  );

  it('reading never throws, and gives our own fields only, each of its type', () => {
    fc.assert(
      fc.property(anything, anything, (wire, part) => {
        for (const one of [
          readDeployment(wire),
          read({ deployment_trigger: part, latest_stage: part, aliases: part }),
        ]) {
          expect(Object.keys(one)).toEqual(Object.keys(readDeployment(PREVIEW)));
          expect(one.createdAt === null || Number.isSafeInteger(one.createdAt)).toBe(true);
          for (const text of [
            one.id,
            one.branch,
            one.stage,
            one.stageStatus,
            one.trigger,
            one.url,
            one.commitHash,
          ]) {
            expect(typeof text).toBe('string');
          }
          expect(typeof buildStatus(one, CREATED)).toBe('string');
        }
        readProject(wire);
        const whole = project({
          source: part,
          domains: part,
          latest_deployment: part,
          canonical_deployment: part,
        });
        expect(Object.keys(whole ?? {})).toEqual(Object.keys(readProject(PROJECT) ?? {}));
      }),
      { numRuns: 2_000 },
    );
  });

  it('no variable, secret or analytics token gets past', () => {
    const read = [PREVIEW, LIVE, FAILED, DIRECT_UPLOAD].map(readDeployment);
    expect(JSON.stringify([PROJECT, PREVIEW, DIRECT_UPLOAD])).toContain('CANARY');
    expect(JSON.stringify([...read, readProject(PROJECT)])).not.toContain('CANARY');
  });
});
