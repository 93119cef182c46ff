import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.ts';

/** What a caller shows of itself. */
export interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

/**
 * Admits callers that have this start's token and come from this machine. A page in a browser is recognised by its
 * Origin, or by the foreign name it resolved to this address. Throws PERMISSION_DENIED or UNAUTHENTICATED.
 */
export function checkCaller(caller: Caller, port: number, token: string): void {
  const { host = '', origin, authorization } = caller;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(host.toLowerCase()))
    throw new ApiError(
      'PERMISSION_DENIED',
      `the Admin API answers to ${hosts.join(' or ')} only, not to "${host}"`,
    );
  if (origin !== undefined)
    throw new ApiError('PERMISSION_DENIED', 'the Admin API is not for pages in a browser (Origin is set)');
  checkToken(authorization, token);
}

/** Throws UNAUTHENTICATED unless the header is `Bearer TOKEN`. */
export function checkToken(authorization: string | undefined, token: string): void {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (given !== undefined && sameText(given, token)) return;
  throw new ApiError(
    'UNAUTHENTICATED',
    `${given === undefined ? 'a bearer token is missing' : 'this is not the bearer token of this emulator'}: send "authorization: Bearer TOKEN"`,
  );
}

/** Takes the same time wherever the texts differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
