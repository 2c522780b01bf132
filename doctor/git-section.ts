// What Git says, in lines for a terminal: which branches are not there any more, and which repositories cannot be read, and why. Pure.

import { count, list, plural } from '../src/words/text.ts';
import type { Conclusion } from './findings.ts';
import type { GitFinding } from './git.ts';
import { table } from './table.ts';

const NAMED = 12;

/** "Git": by project. */
export function gitSection(findings: readonly GitFinding[]): string[] {
  return [
    'Git, and which branches are not there any more',
    ...table([['', 'repository', 'branches', 'not there'], ...findings.map(rowOf)]),
    '    They count as gone when a run has found so twice, an hour or more apart; their days count from the first time.',
  ];
}

function rowOf(finding: GitFinding): string[] {
  const { project, address } = finding;
  if (finding.why !== null) return [project, address ?? 'none', '?', `not known: ${finding.why}`];
  const { missing } = finding;
  const sum = missing.reduce((all, { deployments }) => all + deployments, 0);
  const names = list(
    missing.map(({ branch }) => branch),
    NAMED,
  );
  const gone =
    missing.length === 0
      ? 'none'
      : `${names} (${plural(missing.length, 'branch', 'branches')}, ${plural(sum, 'deployment')})`;
  return [project, address ?? '', count(finding.count), gone];
}

/** What cannot be read stands in nobody's way: its branches stay. */
export function concludeGit(findings: readonly GitFinding[]): Conclusion {
  const mind = findings.flatMap(({ project, why }) =>
    why === null ? [] : [`${project}: no branch of it counts as gone from Git: ${why}.`],
  );
  return { must: [], mind };
}
