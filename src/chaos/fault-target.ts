import type { RunEvent } from '../evidence/event.ts';
import type { LinkAnswer } from '../link/probe-link.ts';
import type { Knob } from '../plan/knob.ts';

/**
 * What faults are inflicted on: the services of one run. Calls reject with a known error when they fail, and where the
 * platform has nothing of the kind.
 */
export interface FaultTarget {
  /** Whether everything here ends with the run: what was meant to stay then needs no undoing. */
  readonly disposable: boolean;
  /** A new revision from the newest template, all traffic to the latest; resolves when it serves. */
  deploy(service: string, change: RevisionChange): Promise<{ readonly revision: string }>;
  traffic(service: string, lines: readonly TrafficShare[]): Promise<void>;
  /** The service's own limits; what is not given stays. */
  scale(service: string, limits: { readonly min?: number; readonly max?: number }): Promise<void>;
  /** Takes down how the service is now. */
  snapshot(service: string): Promise<ServiceSnapshot>;
  /** Turns a knob that only an emulator has; yields what was done, in words. */
  turn(service: string, knob: Knob): Promise<string>;
  /** The service's current state, according to the platform. */
  look(service: string): Promise<ServiceState>;
  /**
   * How the links of some of its instances answer, at least one if there are any. Asks with connections of our own that
   * never become sessions and count for nothing.
   */
  probeLinks(service: string, limitMs: number): Promise<readonly ProbedLink[]>;
  /** The events of the service since then: instances, revisions, links, the platform's own answers. */
  recorded(service: string, sinceUs: number): readonly RunEvent[];
}

/** A service as it was at one moment. */
export interface ServiceSnapshot {
  /** Makes these parts what they were then. */
  restore(parts: readonly SnapshotPart[]): Promise<void>;
}

export type SnapshotPart = 'template' | 'traffic' | 'scaling';

export interface ProbedLink {
  readonly instance: string;
  readonly answer: LinkAnswer;
}

export interface RevisionChange {
  readonly env?: Readonly<Record<string, string>>;
  readonly minInstances?: number;
  readonly maxInstances?: number;
  readonly concurrency?: number;
}

export interface TrafficShare {
  /** A revision's name, or null for the latest that is ready. */
  readonly revision: string | null;
  readonly percent: number;
}

export interface ServiceState {
  readonly latestReady: string | null;
  /** How traffic is routed now. */
  readonly traffic: readonly { readonly revision: string; readonly percent: number }[];
  /** Newest first. */
  readonly revisions: readonly RevisionState[];
}

export interface RevisionState {
  readonly name: string;
  readonly ready: boolean;
  /** The limits in effect. */
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Instances with a process: starting, ready or stopping. Null where the platform does not say. */
  readonly instances: number | null;
}
