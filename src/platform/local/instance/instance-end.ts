import type { Problem } from '../../../base/errors.ts';
import type { Probe } from '../../../contract/cloud-run/probe.ts';
import type { Exit } from './container-run.ts';

/** Why an instance ended. `fail_start` and `killed` are what a knob did. */
export type EndCause =
  | 'not_started'
  | 'fail_start'
  | 'exited'
  | 'never_listened'
  | 'fixed_port'
  | 'liveness_failed'
  | 'killed'
  | 'stopped';

/** What brings an instance to its end. */
export interface Ending {
  readonly cause: EndCause;
  /** Null: the instance as a whole. */
  readonly container: string | null;
  readonly fixedPorts?: readonly number[];
  readonly problem?: Problem;
}

/** How an instance came to its end. */
export interface InstanceEnd {
  readonly cause: EndCause;
  /** The container that ended it; the one that takes requests when it was the whole instance. */
  readonly container: string;
  /** What was run for the container, as a person knows it: its command, or its image. */
  readonly program: string;
  /** The port that the container was given; null when it came to none. */
  readonly port: number | null;
  readonly startupProbe: Probe | null;
  /** Ports that it listened on although it was not given them. */
  readonly fixedPorts: readonly number[];
  readonly exit: Exit;
  /** What kept the instance from being started at all. */
  readonly problem: Problem | null;
}
