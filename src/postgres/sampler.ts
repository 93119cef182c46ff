import type { RunClock } from '../base/clock.ts';
import { within } from '../base/deadline.ts';
import { messageOf } from '../base/errors.ts';
import { makePause } from '../base/pause.ts';
import { makeRandom, type Random } from '../base/random.ts';
import type { SessionOwner, SessionPlace } from '../contract/session-owner.ts';
import type { BackendRow } from '../evidence/dataset/backend-row.ts';
import type { SampleEvent, SamplerEvent } from '../evidence/event.ts';
import { measureClockOffset, type ClockOffset } from './clock-offset.ts';
import type { Login } from './postgres-server.ts';
import { sampleOnce } from './sample-once.ts';
import type { SampleSession } from './sample-session.ts';
import { meterSampling } from './sampler-cost.ts';
import { firstAlive, openAgain, openSessions } from './sampler-sessions.ts';
import { makeSessionTracker, type SessionTracker } from './session-tracker.ts';

const lastSampleMs = 1000;

/** What the sampler needs to know. */
export interface SamplerOrders {
  /** A role that sees all sessions; its database is the harness's own, and what happens there is not counted. */
  readonly login: Login;
  /** Whose the sessions are: the service's name by what Postgres tells of one. */
  readonly ownerOf: SessionOwner;
  /** What it needs to know of each session besides role and name. */
  readonly asked?: readonly SessionPlace[];
  /** The mean time between two samples. */
  readonly everyMs: number;
  readonly seed: number;
  readonly clock: RunClock;
  readonly onSample: (head: SampleEvent, rows: readonly BackendRow[]) => void;
}

/** A sampler at work. */
export interface RunningSampler {
  readonly clockOffset: ClockOffset;
  /** Resolves when both sessions are gone and nothing more can be seen. Never rejects. */
  readonly lost: Promise<string>;
  /**
   * Lets go of the server while something ends it on purpose, and opens its sessions anew behind that. There are no
   * samples meanwhile: who reads them sees the gap. When it does not get back in, that is a loss.
   */
  during<T>(restart: () => Promise<T>): Promise<T>;
  /** Resolves with what the sampling has cost. */
  stop(): Promise<SamplerEvent>;
}

/**
 * Samples the server from now on. Both sessions, the spare too, are opened here and never again: once the
 * server is full, a login may not get through any more, and a sampler that needs one is blind just then. Only an end of
 * the server on purpose is another matter: it leaves nothing that could be kept.
 */
export async function startSampler(orders: SamplerOrders): Promise<RunningSampler> {
  const sessions = await openSessions(orders);
  const clockOffset = await measureClockOffset(orders.clock, () => firstAlive(sessions).readServerUs());
  const cost = await meterSampling(sessions);
  let tellLost: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (tellLost = resolve));
  const setting: Sampling = {
    ...orders,
    offset: clockOffset,
    tracker: makeSessionTracker(),
    random: makeRandom(orders.seed, 'sampler'),
    onSample: (head, rows) => {
      cost.count(head);
      orders.onSample(head, rows);
    },
  };
  let stretch = startStretch(setting, sessions, tellLost);
  return {
    clockOffset,
    lost,
    during: async (restart) => {
      await stretch.stop();
      const done = await restart();
      try {
        stretch = startStretch(anew(setting), await openAgain(orders), tellLost);
      } catch (error) {
        tellLost(messageOf(error));
      }
      return done;
    },
    stop: async () => {
      await stretch.end();
      const sum = await cost.sum(orders.clock);
      await stretch.stop();
      return sum;
    },
  };
}

/** What sampling needs at each moment. */
interface Sampling extends SamplerOrders {
  readonly offset: ClockOffset;
  readonly tracker: SessionTracker;
  readonly random: Random;
}

/** Sampling over the same two sessions. */
interface Stretch {
  /** Takes no further sample; the sessions stay. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

function startStretch(
  setting: Sampling,
  sessions: readonly SampleSession[],
  onLost: (why: string) => void,
): Stretch {
  const stopping = new AbortController();
  const done = sampleOn(setting, sessions, stopping.signal).catch(messageOf);
  void done.then((why) => (why === null || stopping.signal.aborted ? undefined : onLost(why)));
  const end = async (): Promise<void> => {
    stopping.abort();
    // A sample that is on its way is still wanted, if the server answers at all.
    await within(done, lastSampleMs, null);
  };
  return {
    end,
    stop: async () => {
      await end();
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

/** The same, with the first good sample marked. */
function anew(setting: Sampling): Sampling {
  let isFirst = true;
  return {
    ...setting,
    onSample: (head, rows) => {
      setting.onSample(isFirst && head.ok ? { ...head, anew: true } : head, rows);
      isFirst &&= !head.ok;
    },
  };
}

/**
 * Samples until told to stop, one after the other; or until no session is left, and then says why. Each wait is
 * drawn from [0.5, 1.5] times the period: a fixed period could keep step with the load and always miss the same
 * thing, and a random one makes the share of samples an unbiased estimate of the share of time.
 */
async function sampleOn(
  orders: Sampling,
  sessions: readonly SampleSession[],
  signal: AbortSignal,
): Promise<string | null> {
  const pause = makePause(signal);
  let dueUs = orders.clock.nowUs();
  while (!signal.aborted) {
    const why = await sampleOnce(orders, firstAlive(sessions), signal);
    if (why !== null && !sessions.some((session) => session.isAlive())) return why;
    // A sample that took longer than the wait is followed at once, and what was missed is not made up for.
    dueUs = Math.max(dueUs + orders.everyMs * 1000 * (0.5 + orders.random()), orders.clock.nowUs());
    await pause((dueUs - orders.clock.nowUs()) / 1000);
  }
  return null;
}
