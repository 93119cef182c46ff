import type { RunClock } from '../base/clock.ts';
import { sleep, within } from '../base/deadline.ts';
import { EnvironmentError, messageOf } from '../base/errors.ts';
import { makePause } from '../base/pause.ts';
import { makeRandom, type Random } from '../base/random.ts';
import type { SessionOwner, SessionPlace } from '../contract/session-owner.ts';
import type { BackendRow } from '../evidence/backend-row.ts';
import type { SampleEvent, SamplerEvent } from '../evidence/event.ts';
import { measureClockOffset, runTimeOf, type ClockOffset } from './clock-offset.ts';
import type { Login } from './postgres-server.ts';
import type { SampleGroup, ServerSample } from './sample-query.ts';
import { meterSampling } from './sampler-cost.ts';
import { openSampleSession, type SampleSession } from './sample-session.ts';
import { makeSessionLedger, type SessionAges, type SessionLedger } from './session-ledger.ts';

const lastSampleMs = 1000;
/** How often and for how long it tries to get back in after a restart. */
const againEveryMs = 50;
const attemptsAgain = 100;

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
    ledger: makeSessionLedger(),
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
  readonly ledger: SessionLedger;
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

/** What it takes to open its sessions. */
type Opening = Pick<SamplerOrders, 'login' | 'asked'>;

/** Clients that come back all at once may take every place for a moment. */
async function openAgain(orders: Opening): Promise<readonly SampleSession[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openSessions(orders);
    } catch (error) {
      if (attempt >= attemptsAgain) throw error;
      await sleep(againEveryMs);
    }
  }
}

/** Both or none. */
async function openSessions({ login, asked }: Opening): Promise<readonly SampleSession[]> {
  const opened = await Promise.allSettled([1, 2].map(() => openSampleSession(login, asked)));
  const sessions = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed === undefined) return sessions;
  await Promise.all(sessions.map((session) => session.close()));
  throw new EnvironmentError(
    [{ message: `the sampler can't reach Postgres as "${login.user}": ${messageOf(failed.reason)}` }],
    { cause: failed.reason },
  );
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

/** The spare takes over as soon as the first session is known to be lost. */
function firstAlive(sessions: readonly SampleSession[]): SampleSession {
  const session = sessions.find((one) => one.isAlive()) ?? sessions.at(-1);
  if (session === undefined) throw new Error('a sampler needs a session');
  return session;
}

/** Takes one sample and hands it over, failed or not; returns why it failed. */
async function sampleOnce(
  orders: Sampling,
  session: SampleSession,
  signal: AbortSignal,
): Promise<string | null> {
  const sentUs = orders.clock.nowUs();
  try {
    const sample = await session.read();
    const receivedUs = orders.clock.nowUs();
    const tUs = readAtUs(sample.serverUs, orders.offset, sentUs, receivedUs);
    orders.onSample(
      headOf(sample, orders.ledger.note(sample.pids, tUs), tUs, receivedUs - sentUs),
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
