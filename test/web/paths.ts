// Every address that the page answers, in one list: what must hold on every route is tried on every route. A route that is not
// in it fails routes.test.ts.

/** An address, and the type of what it answers; `null`: a redirect. */
export type Path = readonly [path: string, type: string | null];

/** Open to all. Share links have tests of their own. */
export const OPEN: readonly Path[] = [
  ['/healthz', 'application/json'],
  ['/robots.txt', 'text/plain'],
];

/** What may have something done, by POST alone. */
export const ASKING: readonly string[] = ['/hooks/docs', '/hooks/docs/signature', '/projects/docs/rebuild'];

/** Behind the door. The names as they stand in an address. */
export function guarded({
  project = 'docs',
  branch = 'feature/x',
  run = '2026-11-24T13-00',
  id = '1a2b3c4d-0000-4000-8000-000000000001',
} = {}): readonly Path[] {
  return [
    ['/', 'text/html'],
    ['/status.json', 'application/json'],
    ['/feed.atom', 'application/atom+xml'],
    [`/projects/${project}`, 'text/html'],
    [`/projects/${project}.json`, 'application/json'],
    [`/projects/${project}/badge.svg`, 'image/svg+xml'],
    [`/projects/${project}/feed.atom`, 'application/atom+xml'],
    [`/projects/${project}/deployments/${id}`, 'text/html'],
    [`/projects/${project}/deployments/${id}.json`, 'application/json'],
    [`/find?q=${project}`, 'text/html'],
    [`/go/${project}/${branch}`, null],
    ['/runs', 'text/html'],
    ['/runs.json', 'application/json'],
    [`/runs/${run}`, 'text/html'],
    [`/runs/${run}.json`, 'application/json'],
  ];
}

/** The addresses alone. */
export const pathsOf = (...lists: (readonly Path[])[]): string[] =>
  lists.flatMap((list) => list.map(([path]) => path));
