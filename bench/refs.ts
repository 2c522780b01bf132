// Ten thousand branches of a repository, read from the bytes of Git's answer: inside the Bench object as often as it is asked to, and
// its CPU from outside. Pure but for that; no Git server is there.
import { readRefs } from '../src/git/refs.ts';
import { Wanted } from '../src/git/wanted.ts';
import { refsAnswer } from '../test/git/answers.ts';
import type { Runtime } from './runtime.ts';

const REFS = 10_000;
/** Branches with deployments, half of them in Git. */
const LOOKED_FOR = 200;
const READINGS = 50;
const BATCHES = 5;

const nameOf = (n: number) => `renovate/some-library-${n}.x`;

/** Reads the same answer so many times; gives how many branches were met. */
export function readMany(readings: number): number {
  const refs = Array.from({ length: REFS }, (_, n) => ({
    name: `refs/heads/${nameOf(n)}`,
    commit: n.toString(16).padStart(40, '0'),
  }));
  const bytes = new TextEncoder().encode(refsAnswer(refs));
  const names = Array.from({ length: LOOKED_FOR }, (_, n) => nameOf(n * 100));
  let met = 0;
  for (let reading = 0; reading < readings; reading += 1) {
    const heads = readRefs(bytes, new Wanted(names));
    if (!heads.whole || heads.count !== REFS) throw new Error('the refs were not read whole');
    met = heads.met.size;
  }
  return met;
}

/** CPU of one reading in ms, of some batches the one that was disturbed least; `null` where it cannot be told. */
export async function measureRefs(runtime: Runtime): Promise<number | null> {
  const cpuOf = async (readings: number) => {
    const before = runtime.cpu();
    await runtime.json('refs', `/refs/read?readings=${readings}`);
    const after = runtime.cpu();
    return before === null || after === null ? null : after - before;
  };
  await cpuOf(READINGS);
  const told: number[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    // What it takes to make the answer is in both.
    const [one, many] = [await cpuOf(1), await cpuOf(1 + READINGS)];
    if (one !== null && many !== null) told.push((many - one) / READINGS);
  }
  return told.length === 0 ? null : Math.min(...told);
}
