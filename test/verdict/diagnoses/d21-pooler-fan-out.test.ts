import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/evidence/event.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { diagnoses } from '../../../src/verdict/diagnoses/diagnoses.ts';
import { poolerFanOut } from '../../../src/verdict/diagnoses/d21-pooler-fan-out.ts';
import type { Finding } from '../../../src/verdict/diagnoses/shared/diagnosis.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { rank } from '../../../src/verdict/diagnoses/shared/rank.ts';
import { goodStory, makeEvidence, type Story } from '../support/evidence-builder.ts';
import { sceneOf } from '../support/scene.ts';

/** What the pooler beside each of four instances shows under stress, 15 s to 25 s. */
interface Queue {
  readonly clients: number;
  readonly waiting: number;
  readonly waitMs: number;
}

const limits = { mode: 'transaction', max_clients: 200, pool_size: 4, reserve: 0, query_wait_ms: 120_000 };

function looks(queue: Queue, at: (ms: number) => number): readonly RunEvent[] {
  const events: RunEvent[] = [];
  for (let ms = 0; ms < 55_000; ms += 200)
    for (const instance of ['i1', 'i2', 'i3', 'i4']) {
      const isStress = ms >= 15_000 && ms < 25_000;
      const waiting = isStress ? queue.waiting : 0;
      events.push({
        t_us: at(ms),
        kind: 'pooler',
        pooler: 'pgbouncer',
        service: 'api',
        instance,
        ok: true,
        rtt_us: 900,
        pools: [
          {
            database: 'app',
            user: 'api',
            clients_active: queue.clients - waiting,
            clients_waiting: waiting,
            servers_active: isStress ? 4 : 0,
            servers_idle: isStress ? 0 : 4,
            servers_login: 0,
            max_wait_us: isStress ? 1000 * queue.waitMs : 0,
          },
        ],
        ...(ms === 0 ? { limits } : {}),
      });
    }
  return events;
}

/** Every third request of the stress gets its 504 after four seconds, and Postgres is as calm as ever. */
const lateStory: Story = {
  ...goodStory,
  endAt: (ms, arrival) =>
    ms >= 15_000 && ms < 25_000 && arrival % 3 === 0
      ? { outcome: 'deadline', tookMs: 4000 }
      : { outcome: 'ok', tookMs: 20 },
};

function withPooler(queue: Queue, story: Story = lateStory): Evidence {
  const evidence = makeEvidence({ happened: (at) => looks(queue, at) }, story);
  const poolers = [{ name: 'pgbouncer', service: 'api', per_instance: true, clients: 80 }];
  return { ...evidence, run: { ...evidence.run, poolers } };
}

const find = (evidence: Evidence): Finding | null => poolerFanOut.diagnose(sceneOf(evidence));

const crowd: Queue = { clients: 80, waiting: 76, waitMs: 3500 };

describe('D21 the pooler hides the fan-out', () => {
  test('is what keeps requests waiting in front of a pooler while Postgres is fine', () => {
    const scene = sceneOf(withPooler(crowd));
    expect(scene.results.get('B11')?.status).toBe('FAIL');
    expect(scene.results.get('B01')?.status).toBe('PASS');
    const found = poolerFanOut.diagnose(scene);
    expect(found).toMatchObject({
      confidence: 'high',
      lever: expect.stringContaining('budget both sides of pgbouncer') as string,
    });
    expect(found?.evidence).toEqual([
      'pgbouncer: up to 320 clients for 16 server connections; 304 clients waited at once',
      'the longest wait seen in front of it was 3.5 s, promised 1 s; somebody waited in 100 % of the looks under stress',
      'Postgres saw nothing of it: at most 16 sessions, the claim is 16',
    ]);
    expect(found?.whatIf[0]).toMatchObject({ claim: 16, fits: true });
    expect(rank(diagnoses, scene)[0]?.id).toBe('D21');
  });

  test('is less sure where no single wait was too long, but somebody always waited and a promise broke', () => {
    expect(find(withPooler({ ...crowd, waitMs: 900 }))?.confidence).toBe('medium');
    expect(find(withPooler({ ...crowd, waitMs: 900 }, goodStory))).toBeNull();
  });

  test('is not said of a pooler that is shared well: twice the clients, who wait a moment', () => {
    expect(find(withPooler({ clients: 8, waiting: 4, waitMs: 250 }))).toBeNull();
  });

  test('is not said of long waits of a few clients: that is no fan-out', () => {
    expect(find(withPooler({ clients: 8, waiting: 4, waitMs: 3500 }))).toBeNull();
  });

  test('is not said of many clients of whom nobody waits', () => {
    expect(find(withPooler({ clients: 80, waiting: 0, waitMs: 0 }))).toBeNull();
  });

  test('is not said where Postgres itself holds more than the claim', () => {
    const over: Story = { ...lateStory, sessionsAt: (ms) => (ms < 15_000 ? 4 : 40) };
    expect(find(withPooler(crowd, over))).toBeNull();
  });

  test('is not said of a run without a pooler', () => {
    expect(find(makeEvidence({}, lateStory))).toBeNull();
  });
});

describe('the second layer of the budget', () => {
  test('has a line for each side, with what was predicted and what was seen', () => {
    expect(judge(withPooler(crowd)).poolers).toEqual([
      {
        name: 'pgbouncer',
        service: 'api',
        per_instance: true,
        mode: 'transaction',
        looks: 1100,
        failed: 0,
        server: { sum: '4 x 1 x 4 = 16 <= 16', predicted: 16, limit: 16, fits: true, peak: 16 },
        client: { sum: '80 x 1 = 80 <= 200', predicted: 80, limit: 200, fits: true, peak: 80 },
        waiting_peak: 304,
        longest_wait_ms: 3500,
        query_wait_ms: 120_000,
      },
    ]);
  });

  test('says that it does not fit: more to open than the claim, more to come than may', () => {
    const evidence = withPooler(crowd);
    const events = evidence.events.map((event) =>
      event.kind === 'pooler' && event.limits !== undefined
        ? { ...event, limits: { ...limits, reserve: 2, max_clients: 60 } }
        : event,
    );
    const [pooler] = judge({ ...evidence, events }).poolers;
    expect(pooler?.server).toMatchObject({ sum: '(4 + 2) x 1 x 4 = 24 > 16', fits: false });
    expect(pooler?.client).toMatchObject({ sum: '80 x 1 = 80 > 60', fits: false });
  });

  test('knows nothing of a pooler that was never reached, and does not call that zero', () => {
    const evidence = withPooler(crowd);
    const events = evidence.events.filter(({ kind }) => kind !== 'pooler');
    const [pooler] = judge({ ...evidence, events }).poolers;
    expect(pooler?.server).toMatchObject({ fits: null, peak: null, predicted: null });
    expect(pooler).toMatchObject({ looks: 0, waiting_peak: null, longest_wait_ms: null });
  });

  test('counts a pooler no more that is gone', () => {
    const evidence = withPooler(crowd);
    const startUs = evidence.run.load_start_us!;
    // Two of the four take their turn: two until 20 s, the other two from 22 s on.
    const events = evidence.events.filter(
      (event) =>
        event.kind !== 'pooler' ||
        (['i1', 'i2'].includes(event.instance ?? '')
          ? event.t_us < startUs + 20e6
          : event.t_us >= startUs + 22e6),
    );
    expect(judge({ ...evidence, events }).poolers[0]?.server.peak).toBe(8);
  });
});
