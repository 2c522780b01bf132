// Which test runs which command of the prose. A command without a row fails commands.test.ts: what is written there works.

/** The commands, the file that runs them, and what stands in it; `null`: nothing of ours, so nothing to run. */
export type Row = readonly [commands: RegExp, by: string | null, marker: string];

const END_TO_END = 'test/e2e/commands.test.ts';

export const ROWS: readonly Row[] = [
  [/^(PORT=\d+ )?npm start$/, 'test/e2e/start.test.ts', "['npm', 'start']"],
  [/^npm test$/, '.ci/run', '\nnpm test\n'],
  [/^npm run (check|build)$/, 'test/e2e/settings.test.ts', "'npm', 'run', 'check'"],
  // What `npm run build` does, but for --dry-run.
  [/^npm run deploy$/, 'test/e2e/settings.test.ts', "'npm', 'run', 'build'"],
  [/^(npm run doctor|-- --list)$/, 'test/e2e/doctor.test.ts', "'--list'"],
  [/^-- --record FILE$/, 'test/e2e/doctor.test.ts', "'--record'"],
  [/^(npm run doctor )?-- --settings$/, 'test/e2e/doctor.test.ts', "'--settings'"],
  [/^(npm run share|-- --project)\b/, 'test/e2e/share.test.ts', "'npm', 'run', 'share'"],
  [
    /^npx (pages-keeper|\/path\/to\/\S+\.tgz) (doctor|init|share)\b/,
    'test/e2e/package.test.ts',
    "'init', project",
  ],
  [/^npx pages-keeper$/, 'test/e2e/package.test.ts', "'--version'"],
  [/^npm pack$/, 'test/e2e/package.ts', "npm('pack'"],
  // A tool of Cloudflare's, which asks the network.
  [/^npm create cloudflare -- --template$/, null, ''],
  [/^npm run mutants\b/, 'test/e2e/mutants.test.ts', "'npm', 'run', 'mutants'"],
  // Its counts. The times and sizes that it adds are those of the machine.
  [/^npm run bench( -- --large)?$/, 'test/bench/counts.test.ts', "/bench/drain.ts'"],
  [/^npm (ci|install)$/, END_TO_END, "'npm', 'ci'"],
  // Asks at the terminal; that it is there, setup/release.mjs says.
  [/^npm run changeset -- (add|version)$/, 'setup/release.mjs', "'changeset', 'version'"],
  [/^npm run (schema|format)$/, END_TO_END, "'npm', 'run', script"],
  [/^npm run dev$/, END_TO_END, "'npm', 'run', 'dev'"],
  [/^(npx )?wrangler /, END_TO_END, "'--help'"],
  [/^npm run wrangler --/, END_TO_END, "'npm', 'run', 'wrangler'"],
  // A loop over the pages of an answer.
  [/^(next=|while \[|answer=|echo "\$answer"|done$)/, END_TO_END, 'Is everything live?'],
  [/^curl /, END_TO_END, "startsWith('curl ')"],
  [
    /^npm run vitest -- (run )?--project (worker|e2e) test\/[\w/.-]+$/,
    'test/e2e/settings.test.ts',
    "'npm', 'run', 'vitest'",
  ],
  [/^(VITE_\w+=\d+ )?npm run test:long\b/, '.github/workflows/long.yml', 'npm run test:long\n'],
  [/^(git (clone|pull)|cd)\b/, null, ''],
];

/** The first row for a command. */
export const rowOf = (command: string): Row | undefined => ROWS.find(([commands]) => commands.test(command));
