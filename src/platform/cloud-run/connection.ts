import type { Clients } from './clients.ts';

/** What every change of a service needs. */
export interface Connection {
  readonly clients: Clients;
  /** `projects/P/locations/L/services/S` */
  readonly nameOf: (service: string) => string;
  /** How long one change may take. */
  readonly limitMs: number;
}
