// The log of a build, as the API gives it: one line a row, by stage. Made up, after the logs that people post.
import type { SimulatedDeployment } from './deployment.ts';
import type { Json } from './wire.ts';
import { timestamp } from './wire.ts';

/** What each stage of a build writes. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  initialize: ['Initializing build environment...', 'Success: Finished initializing build environment'],
  clone_repo: ['Cloning repository...', 'Success: Finished cloning repository files'],
  build: [
    'Checking for configuration in a Wrangler configuration file (BETA)',
    'No wrangler.toml file found. Continuing.',
    'Detected the following tools from environment: npm@10.9.2, nodejs@22.16.0',
    'Installing project dependencies: npm clean-install --progress=false',
    'added 412 packages, and audited 413 packages in 9s',
    'Executing user command: npm run build',
    '> site@1.0.0 build',
    '> vite build',
  ],
  deploy: ['Deploying your site to Cloudflare...', 'Success: Your site was deployed!'],
};

const FAILED = [
  'vite v7.1.0 building for production...',
  '\u001b[31merror during build:\u001b[39m',
  'Could not resolve "./nav.js" from "src/main.js"',
  '    at getRollupError (file:///opt/buildhome/repo/node_modules/rollup/dist/es/shared/parseAst.js:401:41)',
  'NPM_TOKEN=an-invented-token-of-the-demo',
  'Failed: Error while executing user command. Exited with error code: 1',
  'Failed: build command exited with code: 1',
  'Failed: error occurred while running build command',
];

/** The rows of a deployment's log at this moment. */
export function logOf(deployment: SimulatedDeployment, now: number): Json[] {
  const { stages } = deployment.stages(now);
  const rows = stages.flatMap(({ name, startedAt, status }) => {
    if (startedAt === null) return [];
    const lines = [...(WRITES[name] ?? []), ...(status === 'failure' ? FAILED : [])];
    return lines.map((line) => ({ ts: timestamp(startedAt), line }));
  });
  const own = deployment.log?.map((line) => ({ ts: timestamp(deployment.createdAt), line }));
  return own ?? rows;
}
