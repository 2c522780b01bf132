// What may be named: projects that the rules show, and no others, whoever asks. Reads only.

import { ruleFor } from '../../policy/rules.ts';
import type { RunRecord } from '../../report.ts';
import { readIndex } from '../store/overview-index.ts';
import type { View } from './view.ts';

/** Whether a project may be named, by the rules of this moment. */
export function isShown({ config }: Pick<View, 'config'>, name: string): boolean {
  return ruleFor(name, config.rules)?.show === true;
}

// A word that could be a project's name, and whether it stands where an API path names one.
const WORDS = /(\/projects\/)?([0-9A-Za-z][\w-]*)/g;

/** Takes the names of hidden projects out of a text. */
export type Hide = (text: string) => string;

/**
 * For one view. What the API or the Keeper said of trouble may hold names: in a path, which names a project whether or not
 * it still exists, or in a sentence.
 */
export function hideIn(view: Pick<View, 'config' | 'store'>): Hide {
  let hidden: ReadonlySet<string> | null = null;
  return (text) => {
    hidden ??= hiddenNames(view);
    const known = hidden;
    return text.replace(WORDS, (whole, path: string | undefined, word: string) => {
      const isHidden = path === undefined ? known.has(word) : !isShown(view, word);
      return isHidden ? `${path ?? ''}(hidden)` : whole;
    });
  };
}

function hiddenNames(view: Pick<View, 'config' | 'store'>): ReadonlySet<string> {
  const names = readIndex(view.store).map(({ name }) => name);
  return new Set(names.filter((name) => !isShown(view, name)));
}

/** A run without what it did to hidden projects; its counts are of all. */
export function shownRun(view: View, hide: Hide, record: RunRecord): RunRecord {
  const shown = ({ project }: { readonly project: string }) => isShown(view, project);
  return {
    ...record,
    rebuilds: record.rebuilds.filter(shown),
    skips: record.skips.filter(shown),
    refusals: record.refusals.filter(shown).map((refusal) => ({ ...refusal, why: hide(refusal.why) })),
    warnings: record.warnings
      .filter(({ project }) => project === null || isShown(view, project))
      .map((warning) => ({ ...warning, text: hide(warning.text) })),
    errorDetail: record.errorDetail === null ? null : hide(record.errorDetail),
  };
}
