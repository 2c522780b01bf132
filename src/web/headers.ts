// The headers of every response. The page needs no script, no request and no cookie, so nothing is allowed.

import type { MiddlewareHandler } from 'hono';

const FIXED: Readonly<Record<string, string>> = {
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
  'Strict-Transport-Security': 'max-age=31536000',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** The policy for a page with exactly this style sheet: a hash, not a nonce, so that a 304 stays right. */
export async function contentSecurityPolicy(style: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Sets the headers on whatever comes back, 304 and errors included. What has said nothing about caching is not stored. */
export function securityHeaders(style: string): MiddlewareHandler {
  return async function securityHeaders(c, next) {
    await next();
    const { headers } = c.res;
    headers.set('Content-Security-Policy', await contentSecurityPolicy(style));
    for (const [name, value] of Object.entries(FIXED)) headers.set(name, value);
    // A badge is made to be embedded elsewhere; nothing else is.
    const type = headers.get('Content-Type') ?? '';
    headers.set(
      'Cross-Origin-Resource-Policy',
      type.startsWith('image/svg+xml') ? 'cross-origin' : 'same-origin',
    );
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  };
}
