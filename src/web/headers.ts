// The headers of every response, and the tags by which a browser asks again. The page needs no script, no request and no
// cookie, so nothing is allowed. Knows nothing of what is answered.

import type { MiddlewareHandler } from 'hono';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { STYLE_HASHES } from './html/style.ts';

const NONE = ["'none'"];

/** What a browser may do with a page. The style sheet is named by its hash, not by a nonce, so that a 304 stays right. */
export const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: NONE,
    styleSrc: STYLE_HASHES.map((hash) => `'sha256-${hash}'`),
    imgSrc: ['data:'],
    baseUri: NONE,
    // The one form, which only asks: for a branch, or for what is looked for.
    formAction: ["'self'"],
    frameAncestors: NONE,
  },
  permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
  strictTransportSecurity: 'max-age=31536000',
  // A badge is made to be embedded elsewhere, and says so itself.
  overwrite: false,
  // For browsers that are no more, or said better by the policy above.
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** No search engine keeps a page; and whatever says nothing about caching is not stored. */
export const unlisted: MiddlewareHandler = async function unlisted(c, next) {
  await next();
  c.header('X-Robots-Tag', 'noindex, nofollow, noarchive');
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
};

/** Answers 304 to a tag that is still right. */
export const tagged = etag({
  retainedHeaders: [...RETAINED_304_HEADERS, 'content-type', 'cross-origin-resource-policy'],
});

/** The tag of a body: weak, for Cloudflare turns it into that when it compresses; 80 bits of SHA-256 are enough. */
export async function weakTag(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hex = [...new Uint8Array(digest, 0, 10)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `W/"${hex.join('')}"`;
}
