// The version that pages and JSON name; package.json carries the same one (a test compares them).

/** Semantic version of this Worker. */
export const VERSION = '1.0.0';
