// The composition root: { fetch, scheduled } and the Keeper class; nothing else.
import { DurableObject } from 'cloudflare:workers';

export class Keeper extends DurableObject<Env> {}

export default {
  fetch: () => new Response('not yet', { status: 503 }),
} satisfies ExportedHandler<Env>;
