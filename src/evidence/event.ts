import { z } from 'zod';
import { instanceEvent, revisionEvent, platformEvent } from './events/platform-event.ts';
import { linkEvent, workEvent } from './events/wire-event.ts';
import { lockEvent, drainEvent } from './events/watch-event.ts';
import { canaryEvent, logEvent, settingsEvent } from './events/server-event.ts';
import { markEvent, faultEvent, lossEvent } from './events/run-event.ts';
import {
  capacityEvent,
  generatorEvent,
  machineEvent,
  pingEvent,
  probeEvent,
  stallEvent,
} from './events/generator-event.ts';
import { poolerEvent } from './events/pooler-event.ts';
import { sampleEvent, samplerEvent } from './events/sample-event.ts';

/** One line of `events.ndjson`. `t_us`: microseconds since the run's origin. */
export const runEvent = z.discriminatedUnion('kind', [
  markEvent,
  instanceEvent,
  revisionEvent,
  faultEvent,
  lossEvent,
  platformEvent,
  linkEvent,
  workEvent,
  logEvent,
  canaryEvent,
  settingsEvent,
  sampleEvent,
  samplerEvent,
  lockEvent,
  drainEvent,
  poolerEvent,
  pingEvent,
  generatorEvent,
  stallEvent,
  machineEvent,
  capacityEvent,
  probeEvent,
]);

export type RunEvent = z.infer<typeof runEvent>;
export type MarkEvent = z.infer<typeof markEvent>;
export type InstanceEvent = z.infer<typeof instanceEvent>;
export type RevisionEvent = z.infer<typeof revisionEvent>;
export type LossEvent = z.infer<typeof lossEvent>;
export type FaultEvent = z.infer<typeof faultEvent>;
export type LinkEvent = z.infer<typeof linkEvent>;
export type WorkEvent = z.infer<typeof workEvent>;
export type LogEvent = z.infer<typeof logEvent>;
export type SettingsEvent = z.infer<typeof settingsEvent>;
export type CanaryEvent = z.infer<typeof canaryEvent>;
export type SampleEvent = z.infer<typeof sampleEvent>;
export type SamplerEvent = z.infer<typeof samplerEvent>;
export type LockEvent = z.infer<typeof lockEvent>;
export type DrainEvent = z.infer<typeof drainEvent>;
export type PoolerEvent = z.infer<typeof poolerEvent>;
export type PingEvent = z.infer<typeof pingEvent>;
export type GeneratorEvent = z.infer<typeof generatorEvent>;
export type StallEvent = z.infer<typeof stallEvent>;
export type MachineEvent = z.infer<typeof machineEvent>;
export type CapacityEvent = z.infer<typeof capacityEvent>;
export type ProbeEvent = z.infer<typeof probeEvent>;
