import type { RunClock } from '../../../base/clock.ts';
import type { ProcessGuard } from '../../../base/process-guard.ts';
import type { RevisionSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { InstanceEvent, LinkEvent, StallEvent, WorkEvent } from '../../../evidence/event.ts';
import type { RunningLink } from '../../../link/link.ts';
import type { OutputLine } from '../../platform.ts';
import type { ServiceOrders } from '../emulator-orders.ts';
import type { ServiceLinks } from '../service-links.ts';

/** What all instances of an emulator share. */
export interface InstanceSetting {
  readonly clock: RunClock;
  readonly guard: ProcessGuard;
  readonly project: string;
  readonly location: string;
  /** `stop`: the processes of an idle instance are stopped. */
  readonly idleCpu: 'full' | 'stop';
  readonly onEvent: (event: InstanceEvent | LinkEvent | WorkEvent | StallEvent) => void;
  /** A line that a container printed. */
  readonly onOutput: (line: OutputLine) => void;
  /** A link whose instance has gone, with sessions that Postgres may still hold. */
  readonly onLinkOrphaned: (link: RunningLink) => void;
}

/** What one instance is made from. */
export interface InstanceOrders {
  readonly id: string;
  readonly revision: string;
  readonly service: ServiceOrders;
  /** Its own link becomes one of them. */
  readonly links: ServiceLinks;
  readonly spec: RevisionSpec;
  /** Why it is started. */
  readonly reason: string;
  /** Added to the service's own start delay. */
  readonly extraDelayMs: number;
  /** A knob: the start is made to fail. */
  readonly failStart: boolean;
}
