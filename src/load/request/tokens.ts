import { wallMs } from '../../base/clock.ts';
import type { Client } from '../../scenario/clients/client.ts';

/** ID tokens for the length of a load. */
export interface Tokens {
  readonly first: string;
  /** Calls `renew` with a new token whenever the one in use is about to expire, until stopped. */
  keepFresh(renew: (token: string) => void): void;
  stop(): void;
}

/** A token is replaced this long before it expires; one that could not be had is asked for again after this. */
const aheadMs = 300_000;
const againMs = 10_000;

/** The first token, at once: a load that can't get one must not begin. Null where requests carry none. */
export async function startTokens(wanted: Client['idToken']): Promise<Tokens | null> {
  if (wanted === null) return null;
  const { makeIdTokens } = await import('./id-token.ts');
  const source = makeIdTokens(wanted.audience);
  const first = await source.get();
  let timer: NodeJS.Timeout | undefined;
  const waitFor = (expiresAtMs: number, renew: (token: string) => void): void => {
    const waitMs = Math.max(againMs, expiresAtMs - wallMs() - aheadMs);
    timer = setTimeout(() => {
      source.get().then(
        (next) => {
          renew(next.token);
          waitFor(next.expiresAtMs, renew);
        },
        // The token in use may still be good; the service says so if it is not.
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
