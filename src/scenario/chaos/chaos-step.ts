import type { Fault } from './faults.ts';

/** Something that is done to the service on the load's own timeline. */
export interface ChaosStep {
  /** Stands in the record, in marks and in the report; unique. */
  readonly id: string;
  /** Microseconds since the first phase starts. */
  readonly atUs: number;
  /** How long until it is undone; null where it is done once and stays. */
  readonly forUs: number | null;
  /** Which service; the one that load is sent at unless said otherwise. */
  readonly service: string;
  readonly fault: Fault;
}
