import { parse, type ConnectionOptions as ParsedUrl } from 'pg-connection-string';
import type { ConnectionOptions } from 'node:tls';
import { messageOf } from '../../base/errors.ts';
import type { DatabaseLogin } from './postgres-target.ts';

/** The modes that mean the same to every driver; the others try one way and then another. */
const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'];

/** A login, or one line that says what is wrong with the URL; the URL itself is never part of it. */
export type ReadUrl =
  | { readonly ok: true; readonly value: DatabaseLogin }
  | { readonly ok: false; readonly why: string };

/** Reads `postgres://user:password@host:port/database?sslmode=...` with libpq's meaning of the modes. */
export function readDatabaseUrl(text: string): ReadUrl {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text))
    return { ok: false, why: 'expected postgres://user:password@host:port/database' };
  try {
    const url = parse(text, { useLibpqCompat: true });
    const why = whyNot(url);
    return why === null ? { ok: true, value: loginOf(url) } : { ok: false, why };
  } catch (error) {
    // A certificate that can't be read, a mode without what it needs.
    return { ok: false, why: messageOf(error).replace(/^SECURITY WARNING: /, '') };
  }
}

function whyNot(url: ParsedUrl): string | null {
  const { user, host, database } = url;
  const missing = Object.entries({ user, host, database }).find(([, value]) => (value ?? '') === '');
  if (missing !== undefined) return `the URL names no ${missing[0]}`;
  if (host?.startsWith('/') === true) return 'a socket of the file system has no link: name a host';
  const mode = sslModeOf(url);
  return mode === undefined || sslModes.includes(mode)
    ? null
    : `sslmode=${mode} is not one of ${sslModes.join(', ')}`;
}

function loginOf(url: ParsedUrl): DatabaseLogin {
  const { host, port, user = '', password = '', database, ssl } = url;
  const sslMode = sslModeOf(url);
  const tls = typeof ssl === 'object' ? (ssl as ConnectionOptions) : {};
  return {
    host: host ?? '',
    port: Number(port) || 5432,
    user,
    password,
    database: database ?? '',
    ...(ssl === undefined || ssl === false ? {} : { tls }),
    ...(sslMode === undefined ? {} : { sslMode }),
  };
}

function sslModeOf({ sslmode }: ParsedUrl): string | undefined {
  return typeof sslmode === 'string' ? sslmode : undefined;
}

/** The URL of a login without its password, for people and for files. */
export function showDatabaseUrl({ user, host, port, database, sslMode }: DatabaseLogin): string {
  const name = host.includes(':') ? `[${host}]` : host;
  const mode = sslMode === undefined ? '' : `?sslmode=${sslMode}`;
  return `postgres://${encodeURIComponent(user)}@${name}:${port}/${encodeURIComponent(database)}${mode}`;
}
