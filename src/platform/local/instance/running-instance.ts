import type { Dispatcher } from 'undici';
import type { FleetInstance } from '../fleet/member.ts';

/** An instance as its service sees it: it takes requests, and faults can be injected into it. */
export interface RunningInstance extends FleetInstance {
  readonly revision: string;
  /** Connections to the instance; it must be ready. */
  readonly pool: Pick<Dispatcher, 'dispatch'>;
  /** SIGKILL to everything it runs. */
  kill(): void;
  /** Stops everything it runs where it is, until it is resumed. */
  hang(): void;
  resume(): void;
}
