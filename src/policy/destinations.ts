// Who is told, and of what: the words that the settings know. Types and lists only.

/** What somebody can want to be told: trouble of the Keeper's, production that is behind, failed previews, builds that succeed. */
export const TOPICS = ['trouble', 'production', 'previews', 'success'] as const;

export type Topic = (typeof TOPICS)[number];

/** The forms that a message can have (messages.ts). */
export const FORMATS = ['slack', 'discord', 'teams', 'google-chat', 'telegram', 'ntfy', 'json'] as const;

export type Format = (typeof FORMATS)[number];

/** Somebody who is told. */
export interface Destination {
  /** Of the secret that holds its address; what was told to it is kept under this name. */
  readonly name: string;
  /** Where it is written to, without user name and password: a secret. */
  readonly url: string;
  /** For the header of that name: a secret. `null`: none. */
  readonly authorization: string | null;
  readonly format: Format;
  readonly about: readonly Topic[];
  /** Globs. */
  readonly projects: readonly string[];
}
