// Reading the project list, as far as it is under way: a part of what is stored. Types only.

/** Reading the project list. */
export interface Listing {
  startedAt: number;
  page: number;
  /** 10, 5, or `null` for no parameters. */
  perPage: number | null;
  ids: string[];
  /** Rows that were there and could not be read, or came twice: then the list is not whole. */
  unread: number;
  tries: number;
  /** What the last failed call came to; `null`: none has failed. */
  said: string | null;
  due: number;
}
