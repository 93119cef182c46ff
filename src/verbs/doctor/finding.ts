/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  /** `note`: a run is possible, with less proof or less comfort. `problem`: this run can't be. */
  readonly status: 'ok' | 'note' | 'problem';
  readonly found: string;
  readonly hint?: string;
}

/** Something that is as it should be. */
export function fine(what: string, found: string): Finding {
  return { what, status: 'ok', found };
}

/** Something to know. */
export function note(what: string, found: string, hint?: string): Finding {
  return { what, status: 'note', found, ...(hint === undefined ? {} : { hint }) };
}

/** Something that stands in the way. */
export function problem(what: string, found: string, hint?: string): Finding {
  return { what, status: 'problem', found, ...(hint === undefined ? {} : { hint }) };
}
