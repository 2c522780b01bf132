// The CPU time of another process, from Linux's /proc: all of its threads, garbage collection and compiling included. Reads only.
import { readdirSync, readFileSync } from 'node:fs';

/** Whether it can be told on this machine. */
export function canReadCpu(): boolean {
  return process.platform === 'linux';
}

/** The processes that this one started and whose program has this name. */
export function childrenNamed(name: string): number[] {
  const found: number[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      if (program === name && parent === String(process.pid)) found.push(Number(entry));
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

/** CPU time so far (ms), to the nanosecond where the kernel says it. */
export function cpuOf(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // The thread ended meanwhile.
    }
  }
  return nanoseconds / 1e6;
}
