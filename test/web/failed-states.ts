// The page of a deployment that failed, with its log and without: states for the browser, see states.ts.

import type { DeploymentPage } from '../../src/found.ts';
import type { JudgedDeployment, ProjectSummary } from '../../src/report.ts';
import { ACCOUNT, deployments, uuid, withDomains } from './account.ts';
import { type Answers, MINUTE, NOW } from './fixtures.ts';

const summary = withDomains(ACCOUNT[4] as ProjectSummary, 'docs.lighthouse.press');

interface FailedState {
  readonly path: string;
  readonly answers: Answers;
}

const failedWith = (log: DeploymentPage['log']): FailedState => ({
  path: `/projects/docs/deployments/${uuid(43)}`,
  answers: { deployment: { summary, deployment: deployments()[3] as JudgedDeployment, log } },
});

/** Ordinary lines, long ones without a space, and some from right to left. */
const LOG = Array.from({ length: 100 }, (_, at) => {
  if (at % 25 === 7) return `${'x'.repeat(280)}${at}`;
  if (at % 25 === 9) return `תיקון/עמוד-ראשי-ארוך-מאוד ${at}`;
  return `  at step${at} (file:///opt/buildhome/repo/node_modules/rollup/dist/parse${at}.js:${at * 7}:41)`;
});

/** By name. */
export const FAILED_STATES: Readonly<Record<string, FailedState>> = {
  'deployment-failed': failedWith(null),
  'deployment-log': failedWith({ kind: 'read', at: NOW - MINUTE, lines: LOG }),
  'deployment-log-asked': failedWith({ kind: 'asked' }),
  'deployment-log-unread': failedWith({ kind: 'unread', at: NOW - MINUTE }),
  'deployment-log-too-long': failedWith({ kind: 'too-long', at: NOW - MINUTE }),
};
