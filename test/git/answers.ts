// Answers of a Git server, written from the description of the protocol and by nothing of src/git.

export interface Ref {
  readonly name: string;
  readonly commit: string;
}

const encoder = new TextEncoder();

export function line(text: string): string {
  return (encoder.encode(text).length + 4).toString(16).padStart(4, '0') + text;
}

const SERVICE = `${line('# service=git-upload-pack\n')}0000`;

/** The first answer of a server that speaks version 2. */
export const GREETING = `${SERVICE}${line('version 2\n')}${line('agent=git/2.47\n')}${line('ls-refs=unborn\n')}${line('fetch=shallow\n')}${line('object-format=sha1\n')}0000`;

/** What it answers to ls-refs. */
export const refsAnswer = (refs: readonly Ref[]) =>
  `${refs.map(({ name, commit }) => line(`${commit} ${name}\n`)).join('')}0000`;

/** The first answer of one that speaks the old way. */
export function oldAnswer(refs: readonly Ref[]): string {
  const [first, ...rest] = refs;
  const capabilities = 'multi_ack side-band-64k symref=HEAD:refs/heads/main';
  const none = `${'0'.repeat(40)} capabilities^{}\0${capabilities}\n`;
  const one = first === undefined ? none : `${first.commit} ${first.name}\0${capabilities}\n`;
  return `${SERVICE}${line(one)}${rest.map(({ name, commit }) => line(`${commit} ${name}\n`)).join('')}0000`;
}

export const bytesOf = (text: string) => encoder.encode(text);
export const commit = (n: number) => n.toString(16).padStart(40, '0');
export const heads = (...names: string[]): Ref[] =>
  names.map((name, n) => ({ name: `refs/heads/${name}`, commit: commit(n + 1) }));

export interface FakeGit {
  readonly refs: readonly Ref[];
  readonly old?: boolean;
  /** Bytes to leave out at the end of the answer that holds the refs. */
  readonly cut?: number;
}

/** A server in one function, which notes what it was asked. */
export function fakeGit(repository: FakeGit, asked: { url: string; init: RequestInit }[] = []) {
  return async (url: string, init: RequestInit): Promise<Response> => {
    asked.push({ url, init });
    const type = (what: string) => ({ headers: { 'content-type': `application/x-git-upload-pack-${what}` } });
    const cut = (text: string) => {
      const bytes = bytesOf(text);
      return bytes.slice(0, bytes.length - (repository.cut ?? 0));
    };
    if (url.endsWith('/info/refs?service=git-upload-pack')) {
      const text = repository.old ? cut(oldAnswer(repository.refs)) : GREETING;
      return new Response(text, type('advertisement'));
    }
    const prefixes = [...String(init.body).matchAll(/ref-prefix (\S+)\n/g)].map(([, prefix]) => prefix ?? '');
    const refs = repository.refs.filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)));
    return new Response(cut(refsAnswer(refs)), type('result'));
  };
}
