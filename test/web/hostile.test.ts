// Text as an attacker would write it, and secrets as an API answer holds them, through every output.

import { describe, expect, it } from 'vitest';
import type { Project } from '../../src/pages-api/model.ts';
import { readDeployment, readProject } from '../../src/pages-api/wire.ts';
import type { JudgedDeployment } from '../../src/report.ts';
import { type Answers, deletion, NOW, run, statusPage, summary } from './fixtures.ts';
import { guarded, pathsOf } from './paths.ts';

const MARKUP = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;<b>`;
const UNSEEN = '\u202e\u2066\u200b\u0000\u0007\u001b[31m\u009b\ufeff\u2028\u{e0041}\ud800\uffff';
const EVIL = `${MARKUP}${UNSEEN}]]>--><!--`;
const CANARY = 'canary-5ecret';

/** As the API would send it, by way of our own mapping: every text is hostile, and secrets are everywhere. */
const wire = (over: object = {}) => ({
  id: EVIL,
  short_id: CANARY,
  environment: 'preview',
  created_on: '2026-11-24T12:00:00Z',
  url: `javascript:alert(1)//${EVIL}`,
  aliases: [`https://evil.test/${EVIL}`, 'javascript:alert(1)', `https://u:${CANARY}@x.test`],
  env_vars: { KEY: { type: 'plain_text', value: CANARY } },
  latest_stage: { name: EVIL, status: EVIL, ended_on: 'never' },
  is_skipped: false,
  skip_reason: EVIL,
  deployment_trigger: {
    type: EVIL,
    metadata: { branch: EVIL, commit_hash: EVIL, commit_message: EVIL, author: CANARY },
  },
  build_config: { web_analytics_token: CANARY },
  ...over,
});

const SECRETS = {
  build_config: { web_analytics_token: CANARY },
  deployment_configs: { production: { env_vars: { KEY: { value: CANARY } } } },
};

function hostileAnswers(): Answers {
  const item = (over: object = {}): JudgedDeployment => ({
    deployment: readDeployment(wire(over)),
    verdict: { action: 'delete', reason: 'expired', expiresAt: NOW },
    place: null,
  });
  // The mapping refuses such ids and names; what it let through is made worse here.
  const source = { type: 'github', owner: EVIL, repo: EVIL };
  const project = {
    ...(readProject({ id: 'x', name: 'docs', ...SECRETS }) as Project),
    ...{ id: EVIL, name: EVIL, subdomain: EVIL, productionBranch: EVIL, source },
    domains: [EVIL, '"onmouseover="alert(1)'],
  };
  const deployments = [
    item(),
    item({ is_skipped: true }),
    item({ id: '1a2b3c4d-0000-4000-8000-000000000001', latest_stage: { name: 'deploy', status: 'success' } }),
  ];
  const whole = summary({
    project,
    live: deployments[2] as JudgedDeployment,
    latest: item(),
    failedSinceLive: 1,
  });
  const hostileRun = run({
    id: EVIL,
    cron: EVIL,
    rebuilds: [{ project: EVIL, branch: EVIL, deploymentId: EVIL, status: 'failed' }],
    skips: [{ project: EVIL, reason: 'fresh' }],
    refusals: [{ project: EVIL, what: 'prune', why: EVIL }],
    error: 'api',
    errorDetail: CANARY,
  });
  const trouble = { kind: 'unreachable', since: NOW, until: null, message: CANARY } as const;
  const gone = deletion({ project: EVIL, id: EVIL, branch: EVIL, commit: EVIL });
  const PART = { project: EVIL, done: 1, of: 1 };
  const progress = {
    runId: EVIL,
    phase: 'deleting',
    done: 1,
    of: 2,
    parts: [PART, PART],
    endsAt: null,
  } as const;
  return {
    overview: { projects: [whole], runs: [hostileRun], warnings: [EVIL], trouble, progress },
    project: { summary: whole, deployments, branches: [EVIL, `${EVIL}2`, 'main'], trouble, pages: 9 },
    runs: { runs: [hostileRun], plan: [whole], warnings: [EVIL], trouble, progress },
    run: { run: hostileRun, deletions: [gone] },
    deployment: { summary: whole, deployment: item(), rule: { index: 0, pattern: EVIL }, trouble },
    found: {
      projects: [whole],
      branches: [{ project: EVIL, branch: EVIL, environment: 'preview', newestAt: null }],
      deployments: deployments.map((judged) => ({ project, judged })),
      gone: [{ run: EVIL, deletion: gone }],
      trouble,
    },
  };
}

const name = encodeURIComponent(EVIL.toWellFormed());
const PATHS = [
  ...pathsOf(guarded({ project: 'x', run: 'x' }).filter(([, type]) => type !== null)),
  ...[`/projects/${name}`, `/projects/x?branch=${name}&status=failed`],
  ...[`/projects/${name}/feed.atom`, `/runs/${name}`, `/find?q=${encodeURIComponent(EVIL.slice(0, 50))}`],
];

const HIDDEN = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u200b\u202a-\u202e\u2066-\u2069\ufeff\uffff\u{e0000}-\u{e007f}]/u;

describe.each(PATHS)('%s', (path) => {
  it('makes no element, no handler and no link of hostile text, and hides nothing', async () => {
    const { get, logged } = statusPage(hostileAnswers());
    const response = await get(path);
    const text = await response.text();
    expect([response.status, logged]).toEqual([200, []]);
    expect(HIDDEN.exec(text)).toBeNull();
    if (path.endsWith('.json')) {
      expect(() => JSON.parse(text)).not.toThrow();
      expect(text).not.toMatch(/"(?:url|branchUrl|productionUrl)":"(?!https:)/);
    } else {
      expect(text).not.toMatch(/<script|<img|<b>alert|onerror=alert\(1\)>|\]\]>/i);
      expect(text).not.toMatch(/(?:href|src)="\s*(?!https:|data:image|#|\/)[^"]/i);
    }
  });

  it('shows no secret of the API and no detail to the public', async () => {
    expect(await statusPage(hostileAnswers()).text(path)).not.toContain(CANARY);
  });
});

describe('details', () => {
  it('are for viewers who are logged in', async () => {
    const door = { mode: 'access', teamDomain: null, audience: null } as const;
    const page = statusPage(hostileAnswers(), { door, access: { aud: 'x' } });
    expect(await page.text('/')).toContain(CANARY);
    expect(await page.text('/runs/x')).toContain(CANARY);
    expect(await page.text('/status.json')).not.toContain(CANARY);
  });
});

describe('length', () => {
  it('is capped in what is shown', async () => {
    const long = 'x'.repeat(900);
    const item: JudgedDeployment = {
      deployment: readDeployment(
        wire({ deployment_trigger: { type: long, metadata: { branch: long, commit_message: long } } }),
      ),
      verdict: { action: 'keep', reason: 'young', expiresAt: NOW },
      place: null,
    };
    const html = await statusPage({ project: { deployments: [item] } }).text('/projects/docs');
    expect(html).not.toContain('x'.repeat(201));
  });
});
