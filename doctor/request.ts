// What was asked for, by its address: which list and which page of it, and in words without anybody's names. Pure.

/** A page of one of the two lists. `perPage`: `null` where it was asked for without parameters. */
export interface ListRequest {
  readonly list: 'projects' | 'deployments';
  /** The path: one for each project. */
  readonly path: string;
  readonly page: number;
  readonly perPage: number | null;
}

const LIST = /\/pages\/projects(?:\/[^/]+\/(deployments))?$/;

/** The page of a list that this address names; `null`: it is none. */
export function listRequest({ pathname, searchParams }: URL): ListRequest | null {
  const found = LIST.exec(pathname);
  if (found === null) return null;
  const perPage = Number(searchParams.get('per_page') ?? 0);
  return {
    list: found[1] === undefined ? 'projects' : 'deployments',
    path: pathname,
    page: Number(searchParams.get('page') ?? 1),
    perPage: perPage > 0 ? perPage : null,
  };
}

const WORDS = ['accounts', 'deployments', 'pages', 'projects', 'tokens', 'user', 'verify'];
/** Behind each of these stands an id or a name, but for `/tokens/verify`. */
const HOLDERS = ['accounts', 'deployments', 'projects', 'tokens'];

/** The address with every name and id in it replaced: `/accounts/…/pages/projects/…/deployments?page&per_page`. */
export function anonymous({ pathname, searchParams }: URL, basePath: string): string {
  const parts: string[] = [];
  for (const part of pathname.slice(basePath.length).split('/')) {
    const isNamed = HOLDERS.includes(parts.at(-1) ?? '') && part !== 'verify';
    parts.push(part === '' || (WORDS.includes(part) && !isNamed) ? part : '…');
  }
  const query = [...searchParams.keys()].sort().filter((name) => ['page', 'per_page', 'env'].includes(name));
  return query.length === 0 ? parts.join('/') : `${parts.join('/')}?${query.join('&')}`;
}
