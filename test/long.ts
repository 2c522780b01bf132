// How much of what could go on for ever is played: `npm test` a little of it, `npm run test:long` much more.

/** Whether this is `npm run test:long`. */
export const LONG: boolean = import.meta.env.MODE === 'long';

/** How many cases: so many, in the long run so many; `VITE_CASES` in the environment goes over both. */
export function cases({ usually, long }: { usually: number; long: number }): number {
  return Number(import.meta.env.VITE_CASES ?? (LONG ? long : usually));
}
