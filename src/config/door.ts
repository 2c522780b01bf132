// The door of the status page: who may see it. Read apart from everything else, so that it holds when that is broken.
// Whatever is wrong closes it.

import * as v from 'valibot';
import { type Field, field, flag, oneOf, or, settings, text } from './fields.ts';
import { type Problem, problemsOf } from './problems.ts';

/** Who may see the status page. */
export type Door =
  | { readonly mode: 'closed' }
  | { readonly mode: 'public' }
  | { readonly mode: 'password'; readonly password: string }
  | {
      readonly mode: 'access';
      /** Issuer of the tokens, `https://<team>.cloudflareaccess.com`; `null`: only `ctx.access` counts. Never without an audience. */
      readonly teamDomain: string | null;
      /** `null`: any application, as `ctx.access` vouches for it. */
      readonly audience: string | null;
    };

const CLOSED: Door = { mode: 'closed' };

const mode = or(oneOf('closed', 'public', 'password', 'access'), 'closed' as const);

const password: Field<string> = field(
  '8 characters or more, without line ends, and without spaces around it: npx wrangler secret put STATUS_PASSWORD',
  (given) => (typeof given === 'string' && [...given].length >= 8 && canBeTyped(given) ? given : undefined),
  true,
);

// A browser sends what somebody typed: what was piped into the secret with a line end or a byte order mark never fits that.
function canBeTyped(given: string): boolean {
  return given === given.trim() && !/[\p{Cc}\ufeff]/u.test(given);
}

const teamDomain: Field<string> = field(
  'your team\'s name, or its domain such as "https://team.cloudflareaccess.com"',
  (given) => {
    if (typeof given !== 'string') return undefined;
    const team = /^(?:https:\/\/)?([a-z0-9-]+)\.cloudflareaccess\.com\/?$|^([a-z0-9-]+)$/i.exec(given);
    return team ? `https://${(team[1] ?? team[2] ?? '').toLowerCase()}.cloudflareaccess.com` : undefined;
  },
);

const audience = text("the application's Audience tag, without spaces", /^\S+$/);

const access = v.pipe(
  settings({ ACCESS_TEAM_DOMAIN: or(teamDomain, null), ACCESS_AUD: or(audience, null) }),
  v.forward(
    v.partialCheck(
      [['ACCESS_TEAM_DOMAIN'], ['ACCESS_AUD']],
      (set) => set.ACCESS_TEAM_DOMAIN === null || set.ACCESS_AUD !== null,
      'is missing; ACCESS_TEAM_DOMAIN alone would let in the visitors of every application of that team',
    ),
    ['ACCESS_AUD'],
  ),
);

// One schema per mode: what the mode does not use is not looked at.
const door: Record<v.InferOutput<typeof mode>, Field<Door>> = {
  closed: settled(CLOSED),
  public: settled({ mode: 'public' }),
  password: v.pipe(
    settings({ STATUS_PASSWORD: password }),
    v.transform((set): Door => ({ mode: 'password', password: set.STATUS_PASSWORD })),
  ),
  access: v.pipe(
    access,
    v.transform(
      (set): Door => ({ mode: 'access', teamDomain: set.ACCESS_TEAM_DOMAIN, audience: set.ACCESS_AUD }),
    ),
  ),
};

const SHARE = settings({
  SHARE_KEY: or(
    text('32 characters or more, without spaces (npm run share makes one)', /^[\x21-\x7e]{32,}$/, true),
    null,
  ),
});

const HOOK = settings({
  HOOK_KEY: or(
    text(
      '32 characters or more, without spaces (npm run share -- --hook makes one)',
      /^[\x21-\x7e]{32,}$/,
      true,
    ),
    null,
  ),
  REBUILD_BUTTON: or(flag, false),
});

/** The ways to the status page, and what is wrong with their settings. */
export interface Entrances {
  /** `closed` when `STATUS_PAGE` or anything it needs is wrong. */
  readonly door: Door;
  /** The key of share links; `null` when it is not set or does not fit: then no link works. */
  readonly shareKey: string | null;
  /** The key of hooks; `null` when it is not set or does not fit: then nobody may ask for a build by one. */
  readonly hookKey: string | null;
  /** Whether the page has a button that asks for a build, for those who are known. */
  readonly rebuildButton: boolean;
  readonly problems: readonly Problem[];
}

/** The entrances as `env` sets them. Never throws. */
export function readEntrances(env: Readonly<Record<string, unknown>>): Entrances {
  const page = judge(env);
  const share = v.safeParse(SHARE, env);
  const hook = v.safeParse(HOOK, env);
  return {
    door: page.success ? page.output : CLOSED,
    shareKey: share.success ? share.output.SHARE_KEY : null,
    hookKey: hook.success ? hook.output.HOOK_KEY : null,
    rebuildButton: hook.success && hook.output.REBUILD_BUTTON,
    problems: [page, share, hook].flatMap(({ issues }) => problemsOf(issues ?? [], env)),
  };
}

function judge(env: Readonly<Record<string, unknown>>) {
  const page = v.safeParse(settings({ STATUS_PAGE: mode }), env);
  return page.success ? v.safeParse(door[page.output.STATUS_PAGE], env) : page;
}

function settled(value: Door): Field<Door> {
  return v.pipe(
    v.unknown(),
    v.transform(() => value),
  );
}
