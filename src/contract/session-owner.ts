import { parseAddressRange } from './address-range.ts';
import type { SessionMatch } from './contract.ts';

/** How all sessions of the harness name themselves. */
export const ownApplicationName = 'poolproof';

/** What Postgres tells of a session. */
export interface SessionIdentity {
  readonly role: string | null;
  readonly applicationName: string | null;
  /** Both left out where no contract asks for it. */
  readonly database?: string | null;
  /** Null for a session through a Unix socket, and where the role may not see it. */
  readonly clientAddress?: string | null;
}

/** What tells sessions apart only where a contract asks for it: looking it up costs the server something. */
export type SessionPlace = 'database' | 'clientAddress';

/** Whose a session is: the service's name, or null for a neighbour's and for the harness's own. */
export type SessionOwner = (session: SessionIdentity) => string | null;

/** A service, and how its sessions are recognised. */
interface Matched {
  readonly name: string;
  readonly match: SessionMatch;
}

/**
 * Recognises sessions by the contract's `match`: every field given must agree, and a service that gives none has no
 * session. Of several that fit, the one that says most.
 */
export function makeSessionOwner(services: readonly Matched[]): SessionOwner {
  const bySaying = [...services]
    .sort((a, b) => fieldsOf(b.match) - fieldsOf(a.match))
    .map(({ name, match }) => ({ name, fits: fitting(match) }));
  return (session) => {
    if (session.applicationName === ownApplicationName) return null;
    return bySaying.find(({ fits }) => fits(session))?.name ?? null;
  };
}

/** What has to be looked up of each session, so that its owner can be told. */
export function placesAsked(services: readonly Matched[]): readonly SessionPlace[] {
  const all: readonly SessionPlace[] = ['database', 'clientAddress'];
  return all.filter((place) => services.some(({ match }) => match[place] !== undefined));
}

function fieldsOf(match: SessionMatch): number {
  return Object.values(match).filter((value) => value !== undefined).length;
}

function fitting(match: SessionMatch): (session: SessionIdentity) => boolean {
  if (fieldsOf(match) === 0) return () => false;
  const range = match.clientAddress === undefined ? null : parseAddressRange(match.clientAddress);
  return ({ role, applicationName, database, clientAddress }) =>
    (match.role === undefined || match.role === role) &&
    (match.applicationName === undefined || match.applicationName === applicationName) &&
    (match.database === undefined || match.database === database) &&
    (match.clientAddress === undefined || (range?.has(clientAddress ?? '') ?? false));
}
