// The name of a branch's alias (`https://{slug}.{subdomain}`), as far as public reports tell how the API forms it.
// Must not decide which deployment holds the alias.
import type { Seeded } from './seeded.ts';

const MAX_SLUG = 28;

/** The alias slug of a branch; `taken` are the slugs of the project's other branches. */
export function aliasSlug(branch: string, taken: ReadonlySet<string>, seeded: Seeded): string {
  if (/[^\x20-\x7e]/.test(branch)) return `branch-${seeded.hex(10)}`;
  const plain = branch
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '-')
    .replace(/^-+/, '')
    .slice(0, MAX_SLUG);
  let slug = plain;
  while (slug === '' || taken.has(slug))
    slug = `${plain.slice(0, MAX_SLUG - 5) || 'branch'}-${seeded.hex(4)}`;
  return slug;
}
