// Telling whoever wants to know: one POST a destination and change of state. One that fails is tried again a minute later,
// three times in all, and then at the next tick; it disturbs neither a run nor the other destinations.

import { createBodyReader } from '../pages-api/body.ts';
import type { Destination } from '../policy/destinations.ts';
import { isRefusal, type Message, messageFor } from '../policy/messages.ts';
import { changesSince, type Notice, type Stands, standsFor, standsOf, toldBy } from '../policy/notices.ts';
import { MINUTE } from '../time.ts';
import type { Context } from './context.ts';

import { cursorAfter, dropNews, newsFor, readTold, type Told, writeTold } from './news.ts';
import { situation } from './situation.ts';
import type { Listener } from './telling.ts';

const TIMEOUT_MS = 10_000;
const MAX_TRIES = 3;
const AGAIN_MS = MINUTE;
const MAX_ANSWER = 10_000;
/** Workers Free has 50 requests an alarm, of which 45 are calls. */
const POSTS_AN_ALARM = 5;

type Part = Pick<Context, 'store' | 'work' | 'config' | 'now' | 'log' | 'save'>;
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What is to be told to one destination, and what it has been told once it was. */
interface Delivery {
  readonly to: Destination;
  readonly notices: readonly Notice[];
  /** After the first `told` of the notices were taken. */
  readonly toldAfter: (told: number) => Told;
}

/** Sends what has changed since the last notice to whoever wants to know; each destination by itself. */
export async function notify(context: Part, fetch: Fetch): Promise<void> {
  const { work, config, now } = context;
  meet(context);
  const { telling } = work;
  const isDue = ({ name }: Destination) => {
    const { tries, againAt } = telling.to[name] as Listener;
    return tries < MAX_TRIES && (againAt === null ? telling.due : againAt <= now());
  };
  const due = config.destinations.filter(isDue);
  telling.due = false;
  if (due.length === 0) return;
  const stands = standsOf(situation(context));
  const all = due.map((to) => deliveryFor(context, to, stands));
  for (const quiet of all.filter(({ notices }) => notices.length === 0)) {
    heard(work, quiet.to, null);
    writeTold(context, quiet.to, quiet.toldAfter(0));
  }
  const deliveries = all.filter(({ notices }) => notices.length > 0);
  // What the alarm has done must outlive a process that dies waiting for the answer; what is due is told again then.
  if (deliveries.length > 0) {
    for (const { to } of deliveries) listener(work, to).againAt = now();
    context.save();
  }
  await Promise.all(deliveries.slice(0, POSTS_AN_ALARM).map((one) => deliver(context, fetch, one)));
  dropNews(context);
}

function deliveryFor({ store, work, config }: Part, to: Destination, stands: Stands): Delivery {
  const { told, cursor } = readTold(store, to);
  const mine = standsFor(to, stands);
  const before = Object.fromEntries(told.map((about) => [about, '']));
  const changes = changesSince(before, mine, config.publicUrl);
  const builds = newsFor(work.telling, to, { cursor, publicUrl: config.publicUrl });
  return {
    to,
    notices: [...changes, ...builds],
    toldAfter: (count) => ({
      told: Object.keys(toldBy(before, mine, changes.slice(count))),
      cursor:
        count < changes.length ? cursor : cursorAfter(work.telling, cursor, builds, count - changes.length),
    }),
  };
}

async function deliver(context: Part, fetch: Fetch, { to, notices, toldAfter }: Delivery): Promise<void> {
  const { work, now, log } = context;
  const { url, headers, body, told } = messageFor(to, notices, now());
  const why = await post(fetch, to, { url, headers, body });
  const mine = listener(work, to);
  if (why === null) {
    writeTold(context, to, toldAfter(told));
    heard(work, to, told < notices.length ? now() : null);
    log({ level: 'info', event: 'notice', to: to.name, notices: notices.slice(0, told) });
    return;
  }
  mine.tries += 1;
  mine.why = why;
  mine.againAt = mine.tries < MAX_TRIES ? now() + AGAIN_MS : null;
  log({ level: 'warn', event: 'notice-failed', to: to.name, why, tries: mine.tries });
}

/** Sends a message. `null`: it was taken; else why not. */
async function post(
  fetch: Fetch,
  { format, authorization }: Destination,
  { url, headers, body }: Pick<Message, 'url' | 'headers' | 'body'>,
): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: authorization === null ? headers : { ...headers, authorization },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return `HTTP ${response.status}`;
    }
    const isRefused = isRefusal(format, await answerOf(response));
    return isRefused ? 'it says that it could not pass the message on' : null;
  } catch {
    // Never the error's own words: they may hold the URL, which is a secret.
    return 'no answer';
  }
}

/** What it says about a message that it took; `''` where that is too long for a word about it. */
async function answerOf(response: Response): Promise<string> {
  try {
    return await createBodyReader(MAX_ANSWER, MAX_ANSWER)(response);
  } catch {
    return '';
  }
}

function listener({ telling }: Part['work'], { name }: Destination): Listener {
  return telling.to[name] as Listener;
}

/** It has taken what there was. `againAt`: when the rest goes. */
function heard(work: Part['work'], to: Destination, againAt: number | null): void {
  Object.assign(listener(work, to), { tries: 0, why: null, againAt });
}

/** Who is new in the settings begins here; who is gone is forgotten, with what was told. */
function meet({ work, store, config, now }: Part): void {
  const { telling } = work;
  const isThere = (name: string) => config.destinations.some((one) => one.name === name);
  for (const name of Object.keys(telling.to).filter((known) => !isThere(known))) {
    delete telling.to[name];
    store.removeState(`told ${name}`);
  }
  for (const to of config.destinations.filter(({ name }) => !(name in telling.to))) {
    telling.to[to.name] = { since: now(), tries: 0, againAt: null, why: null };
    writeTold({ store }, to, { told: [], cursor: telling.newsSeq });
    telling.due = true;
  }
}

/** After a tick everybody is tried again. */
export function listenAgain({ telling }: Pick<Part['work'], 'telling'>): void {
  for (const one of Object.values(telling.to)) {
    one.tries = 0;
    if (one.why !== null) one.againAt = 0;
  }
}
