import type { SessionMatch } from './contract.ts';

/** How all sessions of the harness name themselves. */
export const ownApplicationName = 'poolproof';

/** What Postgres tells of a session. */
export interface SessionIdentity {
  readonly role: string | null;
  readonly applicationName: string | null;
  /** Left out where it was not asked for. */
  readonly database?: string | null;
}

/** Whose a session is: the service's name, or null for a neighbour's and for the harness's own. */
export type SessionOwner = (session: SessionIdentity) => string | null;

/**
 * Recognises sessions by the contract's `match`: every field given must agree, and a service that gives none has no
 * session. Of several that fit, the one that says most.
 */
export function makeSessionOwner(
  services: readonly { readonly name: string; readonly match: SessionMatch }[],
): SessionOwner {
  const bySaying = [...services].sort((a, b) => fieldsOf(b.match) - fieldsOf(a.match));
  return (session) => {
    if (session.applicationName === ownApplicationName) return null;
    return bySaying.find(({ match }) => fits(match, session))?.name ?? null;
  };
}

function fieldsOf(match: SessionMatch): number {
  return Object.values(match).filter((value) => value !== undefined).length;
}

function fits(match: SessionMatch, { role, applicationName, database }: SessionIdentity): boolean {
  return (
    fieldsOf(match) > 0 &&
    (match.role === undefined || match.role === role) &&
    (match.applicationName === undefined || match.applicationName === applicationName) &&
    (match.database === undefined || database === undefined || match.database === database)
  );
}
