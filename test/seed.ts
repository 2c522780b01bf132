// What is made up at random is the same in every run of `npm test`, so that nobody's change fails for what somebody else overlooked;
// `npm run test:long` makes up something new each time, and says the seed of what it found. `VITE_SEED` in the environment names one.

import fc from 'fast-check';
import { LONG } from './long.ts';

const SEED = 20_261_124;
const given = import.meta.env.VITE_SEED;
const seed = given === undefined ? SEED : Number(given);

fc.configureGlobal(LONG && given === undefined ? {} : { seed });
