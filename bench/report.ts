// docs/benchmarks.md: the tables, the machine they come from, and what each figure includes. Words only.
import { cpus, totalmem } from 'node:os';
import type { PeerFigures } from './compare.ts';
import type { Figures } from './lines.ts';
import { asMarkdown, type Line, markdown, shown } from './table.ts';

export const PEER_HEAD = [
  'Worker',
  'ticks',
  'invocations',
  'threw',
  'calls',
  'deleted',
  'missed',
  '429s',
  'wrongly sent',
];

/** The comparison, a row a Worker. */
export function peerRows(peers: readonly PeerFigures[]): string[][] {
  return peers.map(
    ({ name, ticks, invocations, failedInvocations, calls, deleted, missed, blocked, wrong }) => [
      name,
      ...[ticks, invocations, failedInvocations, calls, deleted, missed, blocked, wrong].map(shown),
    ],
  );
}

function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown CPU'}, ${memory} GB, ${process.platform} ${process.arch}, Node ${process.version}`;
}

/** The file. */
export function report(run: {
  figures: Figures;
  counted: readonly Line[];
  measured: readonly Line[];
  seconds: number;
}): string {
  const { slices } = run.figures;
  const median = (name: string, cpu: NonNullable<typeof slices>['lists']) => [
    name,
    ...[cpu.slice, cpu.bare, cpu.idle].map((ms) => ms.toFixed(1)),
    String(cpu.samples),
  ];
  const medians =
    slices === null
      ? ''
      : `
Behind these ratios: medians of the CPU of the whole process in ms. The ratio is the median of each slice by the loop that came
after it, which asks as the Keeper does: list pages one after the other (the next one depends on this one), deletes six at a time.

${markdown(
  ['', 'slice', 'loop', 'request that does nothing', 'samples'],
  [
    median('45 deletes', slices.deletes),
    median('45 deletes, 1,000 others wait', slices.crowded),
    median('12 lists', slices.lists),
  ],
)}
`;
  return `# Benchmarks

Written by \`npm run bench\`; do not edit. ${new Date().toISOString().slice(0, 10)}, ${machine()}; took ${Math.round(run.seconds)} s.

## Counted, in virtual time

The real Keeper in workerd, on a Durable Object's SQLite, against the simulated API (1,200 calls per 300 s, then 300 s of 429; 150 to
450 ms a call, seeded). One project: 5,000 deployments, 4,500 older than 30 days, of which 16 are their branch's newest; so 4,484 are
to go. The floor is one call per deletion, one per list page that holds an expired row, and two. These figures are the same on every
machine, and tests hold them.

${asMarkdown(run.counted)}

## Side by side

The same account, limit and hours, at most 8 hourly ticks; *Free* throws at the 51st call of an invocation, as Workers Free does.
"Cloudflare's documented example" lists the first page and deletes what is old on it; the other lists everything and deletes all at once
(the platform lets six calls be under way). *Wrongly sent*: a delete for a young, live or latest deployment. The API refuses most of
these; a Worker that adds \`force=true\` would have lost them.

${markdown(PEER_HEAD, peerRows(run.figures.peers))}

## Measured on this machine

Only ratios within this run mean anything elsewhere.

${asMarkdown(run.measured)}
${medians}
What is included: *CPU of a slice* is the user and system time of all threads of workerd (HTTP, SQLite, garbage collection and
compiling included) from the request that starts one invocation to its answer, on real storage, alarms and console; the Keeper stays in
memory from slice to slice, as on the platform, where they follow each other within seconds. What is stored lies in \`/dev/shm\` where
there is one: what this machine's disk takes is nobody's CPU on the platform. The bare loop makes the same requests with
\`fetch\` and \`json()\` in the same process, in turn with the slices. Both include reaching the object (the request that does nothing), and
what wrangler itself does in that process: it traces every \`fetch\`. The simulated API answers from another process. *CPU of a
view* is that time for 50 views in one request, divided, the least of five such requests: door, rows read, verdicts, rendering, ETag;
without HTTP and the hop to the object. It is an upper bound of what the isolate itself takes. Start-up is the least of three.
Compressed means gzip at its default level.
`;
}
