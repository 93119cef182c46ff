import type { DatabaseTarget, ServiceLogin } from './database-target.ts';
import { newPassword, scramVerifier } from './scram-verifier.ts';
import { identifier, literal } from './sql.ts';

/** What a role lets itself be known by, as SQL that puts it back. */
export interface Credentials {
  readonly login: ServiceLogin;
  /** `alter role ... valid until ...`, as it was. */
  readonly validity: string;
  /** `alter role ... password ...`, as it was. */
  readonly password: string;
}

/** A new password for a role. */
export interface FreshCredentials {
  readonly password: string;
  readonly verifier: string;
  /** Gives it to the role. */
  readonly statement: string;
}

/**
 * Reads them where the administrator may; otherwise puts back the password that the run knows. Never in the clear:
 * what stands in a statement is the verifier. A role that was valid for ever is so again: `infinity`, since
 * nothing in SQL sets it back to null.
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
 * Whether the old password is worth nothing now: by the role's entry, or, where that may not be read, by a login with
 * it. The entry first, because a login of ours would stand in the server's log as one of the service's.
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
