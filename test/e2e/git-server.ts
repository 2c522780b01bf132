// A real Git server on this machine: git's own http-backend behind a few lines of HTTP, over a bare repository whose refs a test
// sets as it likes. Notes every request.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether git and its http-backend are on this machine. */
export const HAS_GIT = (() => {
  const found = spawnSync('git', ['--exec-path'], { encoding: 'utf8' });
  return found.status === 0 && existsSync(join(found.stdout.trim(), 'git-http-backend'));
})();

export interface GitServer {
  readonly url: string;
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[];
  /** What Basic authorization a request must carry; `null`: none. */
  login: string | null;
  /** Answers in git's place, where it likes to. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Sets the branches, all of them, each to a commit of its own number. */
  setBranches(branches: Readonly<Record<string, number>>): void;
  /** The commit of a number. */
  commit(n: number): string;
  lsRemote(): string[];
  close(): Promise<void>;
}

const ENV = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: '1700000000 +0000' },
  ...{
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
    GIT_COMMITTER_DATE: '1700000000 +0000',
  },
};

/** Starts a server over one empty repository, `/acme/docs.git`. */
export async function serveGit(version: 'any' | 'old' = 'any'): Promise<GitServer> {
  const root = mkdtempSync(join(tmpdir(), 'pages-keeper-git-'));
  const dir = join(root, 'acme', 'docs.git');
  const git = (args: readonly string[], input = '') =>
    execFileSync('git', ['-C', dir, ...args], { input, encoding: 'utf8', env: ENV });
  execFileSync('git', ['init', '--bare', '--quiet', '--initial-branch=main', dir], { env: ENV });
  const tree = git(['hash-object', '-t', 'tree', '-w', '--stdin']).trim();
  const commits = new Map<number, string>();
  const commit = (n: number) => {
    const known = commits.get(n) ?? git(['commit-tree', tree, '-m', `commit ${n}`]).trim();
    commits.set(n, known);
    return known;
  };
  const asked: GitServer['asked'] = [];
  const listener = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    if (server.instead?.(request, response)) return;
    const login = server.login === null ? undefined : `Basic ${btoa(server.login)}`;
    if (login !== undefined && request.headers.authorization !== login) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    cgi(root, version, request, response);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const server: GitServer = {
    ...{ url: `http://127.0.0.1:${port}/acme/docs`, asked, login: null, instead: null, commit },
    setBranches(branches) {
      const there = git(['for-each-ref', '--format=%(refname)']).split('\n').filter(Boolean);
      const wanted = Object.entries(branches).map(([name, n]) => [`refs/heads/${name}`, commit(n)] as const);
      const names = new Set<string>(wanted.map(([name]) => name));
      git(
        ['update-ref', '--stdin'],
        there
          .filter((n) => !names.has(n))
          .map((n) => `delete ${n}\n`)
          .join(''),
      );
      git(['update-ref', '--stdin'], wanted.map(([name, id]) => `update ${name} ${id}\n`).join(''));
    },
    lsRemote: () => git(['ls-remote', '--heads', dir]).split('\n').filter(Boolean),
    async close() {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
      rmSync(root, { recursive: true, force: true });
    },
  };
  return server;
}

/** One request through `git http-backend`, by the rules of CGI. */
function cgi(root: string, version: 'any' | 'old', request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const protocol = request.headers['git-protocol'];
  const child = spawn('git', ['http-backend'], {
    env: {
      ...ENV,
      ...{ GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: path, QUERY_STRING: query },
      ...{ REQUEST_METHOD: request.method, CONTENT_TYPE: request.headers['content-type'] ?? '' },
      ...(typeof protocol === 'string' && version === 'any' ? { GIT_PROTOCOL: protocol } : {}),
    },
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.on('close', () => {
    const all = Buffer.concat(parts);
    const end = all.indexOf('\r\n\r\n');
    const headers: string[] = all.subarray(0, end).toString('latin1').split('\r\n');
    const pairs = headers.map((line) => line.split(': ', 2) as [string, string]);
    const status = Number(pairs.find(([name]) => name === 'Status')?.[1].slice(0, 3) ?? 200);
    response.writeHead(status, Object.fromEntries(pairs.filter(([name]) => name !== 'Status')));
    response.end(all.subarray(end + 4));
  });
}
