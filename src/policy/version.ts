// Versions, as something from outside names them: which one a text holds, and which of two is the newer. Pure.

const VERSION = /^\d{1,5}\.\d{1,5}\.\d{1,5}$/;

/** The version in an answer: the text itself, or `version` in JSON as the npm registry has it. Anything else is `null`. */
export function versionIn(answer: string): string | null {
  const text = answer.trim();
  if (VERSION.test(text)) return text;
  try {
    const { version } = JSON.parse(text) as { version?: unknown };
    return typeof version === 'string' && VERSION.test(version) ? version : null;
  } catch {
    return null;
  }
}

/** Whether `a` is newer than `b`; both as `versionIn` gives them. */
export function isNewer(a: string, b: string): boolean {
  const [one, other] = [a, b].map((version) => version.split('.').map(Number));
  const at = [0, 1, 2].find((part) => one?.[part] !== other?.[part]) ?? 0;
  return (one?.[at] ?? 0) > (other?.[at] ?? 0);
}
