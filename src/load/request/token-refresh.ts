import { wallMs } from '../../base/clock.ts';
import { hide } from '../../base/secrets/secrets.ts';
import type { Client } from '../../scenario/clients/client.ts';

/** An ID token that is kept valid for as long as a load lasts. */
export interface TokenRefresh {
  readonly first: string;
  /** Calls `renew` with a new token whenever the current one is about to expire, until stopped. */
  keepFresh(renew: (token: string) => void): void;
  stop(): void;
}

/** A token is replaced this long before it expires; after a failure the next try comes after `againMs`. */
const aheadMs = 300_000;
const againMs = 10_000;

/** Gets the first token: a load that can't have one must not begin. Null where requests carry none. */
export async function startTokenRefresh(wanted: Client['idToken']): Promise<TokenRefresh | null> {
  if (wanted === null) return null;
  const { makeIdTokens } = await import('./id-token.ts');
  const source = makeIdTokens(wanted.audience);
  const get = async (): ReturnType<typeof source.get> => {
    const got = await source.get();
    hide([got.token]);
    return got;
  };
  const first = await get();
  let timer: NodeJS.Timeout | undefined;
  const waitFor = (expiresAtMs: number, renew: (token: string) => void): void => {
    const waitMs = Math.max(againMs, expiresAtMs - wallMs() - aheadMs);
    timer = setTimeout(() => {
      get().then(
        (next) => {
          renew(next.token);
          waitFor(next.expiresAtMs, renew);
        },
        // The current token may still be valid; if it is not, the service will say so.
        () => waitFor(0, renew),
      );
    }, waitMs).unref();
  };
  return {
    first: first.token,
    keepFresh: (renew) => waitFor(first.expiresAtMs, renew),
    stop: () => clearTimeout(timer),
  };
}
