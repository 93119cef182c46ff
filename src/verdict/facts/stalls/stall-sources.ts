import { allAttempts } from '../../../evidence/all-attempts.ts';
import type { Attempt } from '../../../evidence/attempt.ts';
import type { MachineEvent, StallEvent } from '../../../evidence/event.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import type { Span } from '../platform/overlap-windows.ts';

/** What a stall may have made later than it was: the sending of a request, the reading of its answer, all of it, ... */
export type Touched = 'sends' | 'reads' | 'attempts' | 'canaries' | 'pings' | 'samples' | 'links';

/** A time in which something that is not the service could not run. */
export interface OwnStall extends Span {
  /** Only what this instance did is touched; absent where everything is. */
  readonly instance?: string;
}

/** One kind of stall: the single place that knows where it is recorded, and what it touches. */
export interface StallSource {
  /** As in "2 of the emulator". */
  readonly name: string;
  readonly touches: readonly Touched[];
  /** Whether nothing is asked of the service meanwhile. */
  readonly hides: boolean;
  readonly find: (evidence: Evidence) => readonly OwnStall[];
}

/** A request this late was held up by the pacer, its lane or the machine; less is the resolution of a stall. */
const lateUs = 20_000;

/** By how much an attempt was held up before it was sent, microseconds; 0 where that is not worth a word. */
export function lateBy({ outcome, intendedUs, sentUs }: Attempt): number {
  const byUs = sentUs - intendedUs;
  return outcome === 'dropped' || byUs <= lateUs ? 0 : byUs;
}

/** Each is the matter of one attempt alone: where a lane slept for longer, it says so itself. */

const lateSends: StallSource = {
  name: 'late sends',
  touches: ['sends'],
  hides: false,
  find: (evidence) =>
    allAttempts(evidence).flatMap((one) =>
      lateBy(one) === 0 ? [] : [{ fromUs: one.intendedUs, toUs: one.sentUs }],
    ),
};

const lanes: StallSource = {
  name: 'the lanes',
  touches: ['reads', 'attempts'],
  hides: true,
  find: (evidence) => recorded(evidence, 'lane'),
};

/** It passes on every request and answer, and all that the services say to Postgres. */
const emulator: StallSource = {
  name: 'the emulator',
  touches: ['attempts', 'pings', 'links'],
  hides: true,
  find: (evidence) => recorded(evidence, 'emulator'),
};

/** The process that samples, logs in and pings. */
const observer: StallSource = {
  name: 'the observer',
  touches: ['canaries', 'pings', 'samples'],
  hides: false,
  find: (evidence) => recorded(evidence, 'observer'),
};

/** This machine had no processor for an instance: nor had it one for its sessions' backends, as often as not. */
const instances: StallSource = {
  name: 'instances without a processor',
  touches: ['attempts', 'canaries'],
  hides: false,
  find: (evidence) => recorded(evidence, 'instance'),
};

/** Seconds in which other guests of the hardware took at least half of a processor. */
const steal: StallSource = {
  name: 'stolen seconds',
  touches: ['reads', 'attempts', 'canaries', 'pings', 'samples', 'links'],
  hides: false,
  find: ({ events }) =>
    events.flatMap((event) => (isStolen(event) ? [{ fromUs: event.from_us, toUs: event.t_us }] : [])),
};

/** Whether an event tells of a second that was stolen. */
export function isStolen(event: Evidence['events'][number]): event is MachineEvent {
  return event.kind === 'machine' && event.steal !== null && event.steal * event.cpus >= 0.5;
}

function recorded({ events }: Evidence, of: StallEvent['of']): readonly OwnStall[] {
  return events.flatMap((event) => {
    if (event.kind !== 'stall' || event.of !== of) return [];
    const span = { fromUs: event.from_us, toUs: event.t_us };
    return event.instance === undefined ? [span] : [{ ...span, instance: event.instance }];
  });
}

/** Every kind of stall. A new one is a source of its own, and a line here. */
export const stallSources: readonly StallSource[] = [lateSends, lanes, emulator, observer, instances, steal];
