// Virtual time: nothing waits, the clock jumps from timer to timer as soon as everything that runs is asleep. Exact, because
// it is counted which calls are awake; a fixed number of event-loop turns would guess.
import type { Simulator } from '../simulator/simulator.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** An answer whose body is there: what a client may ask of a `Response`, without the event-loop turns that a real one takes. */
function readAlready(response: Response, bytes: Uint8Array): Response {
  const { status, ok, headers } = response;
  const text = () => new TextDecoder().decode(bytes);
  const answer = {
    ...{ status, ok, headers },
    get body() {
      return new ReadableStream({
        start(controller) {
          controller.enqueue(bytes);
          controller.close();
        },
      });
    },
    text: async () => text(),
    json: async (): Promise<unknown> => JSON.parse(text()),
  };
  return answer as unknown as Response;
}

/** A clock and the calls that run on it. */
export class VirtualClock {
  now: number;
  readonly #timers: Timer[] = [];
  #order = 0;
  /** Calls under way that do not sleep. */
  #awake = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** Resolves at `now + ms`. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#push(ms, resolve));
  }

  /** The same for the simulator, whose sleep is part of a call. */
  nap(ms: number): Promise<void> {
    this.#awake -= 1;
    return new Promise((resolve) =>
      this.#push(ms, () => {
        this.#awake += 1;
        resolve();
      }),
    );
  }

  /** One call to the simulated API. */
  async fetch(simulator: Simulator, url: string, init: RequestInit): Promise<Response> {
    this.#awake += 1;
    try {
      const response = await simulator.fetch(new Request(url, init));
      return readAlready(response, new Uint8Array(await response.arrayBuffer()));
    } finally {
      this.#awake -= 1;
    }
  }

  /** Lets the clock run until `work` has ended. */
  async settle<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const mark = () => {
      ended = true;
    };
    work.then(mark, mark);
    const { timeout } = AbortSignal;
    // Nothing rings in virtual time, and a request to an object may set no more than 10,000 timers.
    AbortSignal.timeout = () => new AbortController().signal;
    try {
      for (;;) {
        // A turn of the event loop, and so of all microtasks before it: 25 times faster than setTimeout(0) in workerd.
        do await new Response('').text();
        while (this.#awake > 0);
        if (ended) return await work;
        const next = this.#timers.shift();
        if (next === undefined) continue;
        this.now = Math.max(this.now, next.at);
        next.fire();
      }
    } finally {
      AbortSignal.timeout = timeout;
    }
  }

  #push(ms: number, fire: () => void): void {
    const timer = { at: this.now + ms, order: this.#order++, fire };
    const later = this.#timers.findIndex((other) => other.at > timer.at);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
  }
}
