import type { RunClock } from '../../base/clock.ts';

/** How connections are made. */
export interface TransportSetting {
  readonly clock: RunClock;
  /** `fresh`: every connection carries one request, says so in it, and closes. */
  readonly connections: 'keep_alive' | 'fresh';
  /** Authorities that may have signed the service's certificate (PEM), in place of those that Node trusts. */
  readonly ca?: string;
}
