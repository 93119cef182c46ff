import type { DatabaseTarget, ServiceLogin } from './database-target.ts';
import { newPassword, scramVerifier } from './scram-verifier.ts';
import { identifier, literal } from './sql.ts';

/** A role's credentials, as SQL that restores them. */
export interface Credentials {
  readonly login: ServiceLogin;
  /** `alter role ... valid until ...` with the old value. */
  readonly validity: string;
  /** `alter role ... password ...` with the old verifier. */
  readonly password: string;
}

/** A new password for a role. */
export interface FreshCredentials {
  readonly password: string;
  readonly verifier: string;
  /** SQL that gives the password to the role. */
  readonly statement: string;
}

/**
 * Reads a role's credentials. Where the administrator may not read the verifier, a new one is made of the password that
 * the run knows; no statement ever holds a password in the clear. A role without an expiry gets `infinity`, because SQL
 * can't set it back to null.
 */
export async function readCredentials(database: DatabaseTarget, service: string): Promise<Credentials> {
  const login = database.loginOf(service);
  const name = literal(login.role);
  const [role] = await database.ask(
    `select coalesce(rolvaliduntil, 'infinity')::text as until from pg_roles where rolname = ${name}`,
  );
  const stored = await database
    .ask(`select rolpassword as verifier from pg_authid where rolname = ${name}`)
    .then(
      ([row]) => row?.['verifier'] ?? null,
      () => scramVerifier(login.password),
    );
  const alter = `alter role ${identifier(login.role)}`;
  return {
    login,
    validity: `${alter} valid until ${literal(role?.['until'] ?? 'infinity')}`,
    password: `${alter} password ${stored === null ? 'null' : literal(stored)}`,
  };
}

export async function freshCredentials({ role }: ServiceLogin): Promise<FreshCredentials> {
  const password = newPassword();
  const verifier = await scramVerifier(password);
  return { password, verifier, statement: `alter role ${identifier(role)} password ${literal(verifier)}` };
}

/**
 * How it shows that the old password is useless; null if it does not. Looks at the role's catalog entry, or tries a login
 * where the entry may not be read. The entry comes first, because our login would be logged as one of the service's.
 */
export async function seeRefused(
  database: DatabaseTarget,
  service: string,
  fresh: FreshCredentials | null,
): Promise<string | null> {
  const { role, password } = database.loginOf(service);
  const entry = await database
    .look(
      `select rolpassword as verifier, coalesce(rolvaliduntil < now(), false) as expired
      from pg_authid where rolname = ${literal(role)}`,
    )
    .catch(() => null);
  if (entry !== null) {
    const [row] = entry;
    if (row?.['expired'] === 't') return `${role} is no longer valid`;
    return fresh !== null && row?.['verifier'] === fresh.verifier ? `${role} has another verifier` : null;
  }
  const attempt = await database.tryLogin({ service, password });
  return attempt.kind === 'refused' ? `a login with the old password is refused (${attempt.why})` : null;
}
