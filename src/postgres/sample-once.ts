import type { RunClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { SessionOwner } from '../contract/session-owner.ts';
import type { BackendRow } from '../evidence/dataset/backend-row.ts';
import type { SampleEvent } from '../evidence/event.ts';
import { runTimeOf, type ClockOffset } from './clock-offset.ts';
import type { SampleSession } from './sample-session.ts';
import type { SampleGroup, ServerSample } from './server-sample.ts';
import type { SessionAges, SessionTracker } from './session-tracker.ts';

/** What it takes to turn what a session reads into evidence. */
interface SampleOrders {
  readonly clock: RunClock;
  readonly offset: ClockOffset;
  readonly tracker: SessionTracker;
  readonly ownerOf: SessionOwner;
  readonly onSample: (head: SampleEvent, rows: readonly BackendRow[]) => void;
}

/** Takes one sample and hands it over, failed or not; returns why it failed. */
export async function sampleOnce(
  orders: SampleOrders,
  session: SampleSession,
  signal: AbortSignal,
): Promise<string | null> {
  const sentUs = orders.clock.nowUs();
  try {
    const sample = await session.read();
    const receivedUs = orders.clock.nowUs();
    const tUs = readAtUs(sample.serverUs, orders.offset, sentUs, receivedUs);
    orders.onSample(
      headOf(sample, orders.tracker.note(sample.pids, tUs), tUs, receivedUs - sentUs),
      sample.groups.map((group) => rowOf(group, tUs, orders.ownerOf)),
    );
    return null;
  } catch (error) {
    const why = messageOf(error);
    if (!signal.aborted) orders.onSample(failedHead(sentUs, orders.clock.nowUs(), why), []);
    return why;
  }
}

/**
 * When the server looked, in run time. By its own clock, which is better than the middle of the round trip when
 * the answer lay waiting in the socket; held within the round trip, so that a clock that jumps can't move it out.
 */
export function readAtUs(serverUs: number, offset: ClockOffset, sentUs: number, receivedUs: number): number {
  return Math.round(Math.min(receivedUs, Math.max(sentUs, runTimeOf(serverUs, offset))));
}

function headOf(sample: ServerSample, ages: SessionAges, tUs: number, rttUs: number): SampleEvent {
  return {
    t_us: tUs,
    kind: 'sample',
    ok: true,
    rtt_us: rttUs,
    server_us: sample.serverUs,
    took_us: sample.tookUs,
    sessions: sample.sessions,
    sessions_after: sample.sessionsAfter,
    ...ages,
    backends: sample.backends,
    starting: sample.starting,
  };
}

function failedHead(sentUs: number, nowUs: number, error: string): SampleEvent {
  return {
    t_us: nowUs,
    kind: 'sample',
    ok: false,
    rtt_us: nowUs - sentUs,
    server_us: null,
    sessions: null,
    backends: null,
    starting: null,
    error,
  };
}

function rowOf({ place, ...group }: SampleGroup, tUs: number, ownerOf: SessionOwner): BackendRow {
  return {
    tUs,
    source: 'sampler',
    service: ownerOf({ ...group, ...place }),
    revision: null,
    instance: null,
    ...group,
  };
}
