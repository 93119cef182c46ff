import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/make-plan.ts';
import type { Prediction } from '../../../src/plan/run-plan.ts';
import { ramp, route, scenarioOf, shaped, steady, type Wanted } from '../scenario.ts';

function predict(wanted: Wanted): readonly Prediction[] {
  return makePlan(scenarioOf(wanted)).predictions;
}

function one(predictions: readonly Prediction[], id: string, phase = 'only'): Prediction | undefined {
  return predictions.find((prediction) => prediction.id === id && prediction.phase === phase);
}

function holding(holdMs: number, ratePerSec: number): Wanted {
  return { requests: [route('order', { holdMs })], phases: [steady('only', ratePerSec, 10_000)] };
}

describe('predicted demand', () => {
  it('says how many sessions are busy, by Little', () => {
    const busy = one(predict(holding(50, 120)), 'busy_sessions');
    expect(busy?.value).toBeCloseTo(6);
    expect(busy?.statement).toContain('120/s x 50 ms = 6 sessions (Little), of 5 x 1 x 4 = 20 in the pools');
  });

  it('has no more sessions busy than the pools have, and then all of the claim in use', () => {
    const predictions = predict(holding(250, 120));
    expect(one(predictions, 'busy_sessions')?.value).toBe(20);
    expect(one(predictions, 'pool_utilisation')?.value).toBeCloseTo(1.5);
    expect(one(predictions, 'peak_backends')?.value).toBe(20);
    expect(one(predictions, 'refused_rate')?.value).toBeCloseTo(40);
  });

  it('says nothing of refusals and of the peak below saturation', () => {
    const predictions = predict(holding(50, 120));
    expect(one(predictions, 'refused_rate')).toBeUndefined();
    expect(one(predictions, 'peak_backends')).toBeUndefined();
  });

  it('counts routes that hold no session into the mix', () => {
    const wanted = holding(100, 100);
    const requests = [route('order', { holdMs: 100 }), route('ping', { weight: 3 })] as const;
    expect(one(predict({ ...wanted, requests }), 'busy_sessions')?.value).toBeCloseTo(2.5);
  });

  it('judges a ramp at its highest rate', () => {
    const predictions = predict({ ...holding(100, 1), phases: [ramp('only', 10, 100, 1000)] });
    expect(one(predictions, 'busy_sessions_at_peak')?.value).toBeCloseTo(10);
  });

  it('sees the front queue where an instance takes too few requests for its acquire timeout to fire', () => {
    const predictions = predict(holding(50, 600));
    expect(one(predictions, 'front_queue')?.value).toBeCloseTo(75);
    expect(one(predictions, 'acquire_timeout_share')).toBeUndefined();
  });

  it('predicts acquire timeouts per instance where there is room to wait for them', () => {
    const wanted = { ...holding(50, 800), service: { containerConcurrency: 400 } };
    const predictions = predict(wanted);
    expect(one(predictions, 'acquire_timeout_share')?.value).toBeCloseTo(0.5, 3);
    expect(one(predictions, 'acquire_timeout_share')?.statement).toContain(
      'per instance 160/s for 4 sessions',
    );
    expect(one(predictions, 'front_queue')).toBeUndefined();
  });

  it('is limited by the places of an instance where it has fewer of them than sessions', () => {
    const wanted = { ...holding(100, 300), service: { containerConcurrency: 2 } };
    expect(one(predict(wanted), 'refused_rate')?.value).toBeCloseTo(200);
  });

  it('says the hold at which the pools run out where none is declared', () => {
    const predictions = predict({ phases: [steady('only', 200, 1000), steady('idle', 0, 1000)] });
    expect(predictions).toHaveLength(1);
    expect(predictions[0]).toMatchObject({ id: 'break_even_hold', phase: 'only', value: 100, unit: 'ms' });
  });

  it('says how long the first arrivals wait for an instance that starts slowly', () => {
    const [first] = predict({ ...holding(50, 1000), startupDelayMs: 4000 });
    expect(first).toMatchObject({ id: 'cold_start_wait', value: 14_000 });
    expect(first?.statement).toContain('2000 are refused, from 6.67 s on');
  });

  it('says nothing of a cold start where an instance is kept warm', () => {
    const warm = { ...holding(50, 1000), startupDelayMs: 4000, service: { minInstances: 1 } };
    expect(one(predict(warm), 'cold_start_wait')).toBeUndefined();
  });

  it('promises nothing but the start itself where the first load changes', () => {
    const wanted = {
      ...holding(50, 1),
      phases: [ramp('only', 1000, 5000, 10_000)],
      startupDelayMs: 4000,
    } as const;
    const [first] = predict(wanted);
    expect(first).toMatchObject({ id: 'cold_start_wait', value: 4000 });
    expect(first?.statement).not.toContain('refused');
  });

  it('says nothing of who meets no instance where closed clients come first', () => {
    const wanted = {
      ...holding(50, 1),
      phases: [clients, steady('then', 100, 1000)],
      startupDelayMs: 4000,
    } as const;
    expect(predict(wanted).map(({ id, phase }) => [id, phase])).not.toContainEqual([
      'cold_start_wait',
      'then',
    ]);
  });

  it('leaves closed phases out, whether holds are declared or not', () => {
    expect(predict({ ...holding(50, 1), phases: [clients] })).toEqual([]);
    expect(predict({ phases: [clients] })).toEqual([]);
  });

  it('judges rates that change at their highest, under ids that no mean of the phase is held against', () => {
    const spikes = { kind: 'spikes', ratePerSec: 10, peakPerSec: 600, widthMs: 1000, everyMs: 5000 } as const;
    const predictions = predict({ ...holding(50, 1), phases: [shaped('only', 10_000, spikes)] });
    expect(one(predictions, 'busy_sessions_at_peak')?.value).toBe(20);
    expect(one(predictions, 'refused_rate_at_peak')?.value).toBeCloseTo(200);
    expect(predictions.map(({ id }) => id)).not.toContain('busy_sessions');
  });

  it('counts who comes within one hold where arrivals have moments of their own', () => {
    const burst = { kind: 'burst', ratePerSec: 0, requests: 300, withinMs: 1000 } as const;
    const slow = predict({ ...holding(50, 1), phases: [shaped('only', 10_000, burst)] });
    expect(slow.map(({ id, value }) => [id, value])).toEqual([['sessions_at_once', 15]]);
    const quick = predict({ ...holding(50, 1), phases: [shaped('only', 10_000, { ...burst, withinMs: 1 })] });
    expect(quick.map(({ id, value }) => [id, value])).toEqual([
      ['sessions_at_once', 20],
      ['peak_backends', 20],
    ]);
    expect(quick[0]?.statement).toContain(
      'at most 300 of the arrivals come within one hold of 50 ms: 300 sessions',
    );
  });

  it('counts only those who hold a session', () => {
    const sync = { kind: 'sync', ratePerSec: 0, requests: 40, everyMs: null } as const;
    const requests = [route('order', { holdMs: 100 }), route('ping', { weight: 3 })] as const;
    const predictions = predict({ requests, phases: [shaped('only', 10_000, sync)] });
    expect(one(predictions, 'sessions_at_once')?.value).toBeCloseTo(10);
  });
});

describe('the words of a prediction', () => {
  const words = (wanted: Wanted, id: string): string | undefined => one(predict(wanted), id)?.statement;

  it('show each sum with its numbers in', () => {
    const over = { ...holding(250, 120), service: { containerConcurrency: 400 } };
    expect(words(over, 'busy_sessions')).toBe(
      '120/s x 250 ms = 30 sessions (Little), of 5 x 1 x 4 = 20 in the pools: 20 busy on average',
    );
    expect(words(over, 'pool_utilisation')).toBe('offered utilisation of the pools: 30 / 20 = 1.5');
    expect(words(over, 'peak_backends')).toBe(
      'the pools are saturated: all of the claim, 20 sessions, is in use',
    );
    expect(words(over, 'acquire_timeout_share')).toBe(
      'per instance 24/s for 4 sessions held 250 ms: 33.34 % of them give up after 1 s (M/M/c+D)',
    );
    expect(words(over, 'success_p50')).toBe(
      'overloaded, a request that is served has waited nearly as long as one that is not: p50 about 1 s + 250 ms = 1.25 s',
    );
    expect(words(over, 'refused_rate')).toBe(
      'lambda - capacity = 120 - 80 = 40/s must be refused, by whichever limit is met first',
    );
    expect(words(holding(50, 600), 'front_queue')).toBe(
      "an instance takes 10 requests for 4 sessions: the last one admitted waits (K - c) S / c = 75 ms on average, less than the acquire timeout of 1 s, which practically can't fire; overload waits in front of the platform",
    );
    expect(words({ phases: [steady('only', 200, 1000)] }, 'break_even_hold')).toBe(
      'the pools run out when a request holds a session for more than 20 sessions / 200/s = 100 ms on average (no request declares its hold)',
    );
  });

  it('say when a peak is meant, and when a share is too small to be shown', () => {
    const rising = { ...holding(100, 1), phases: [ramp('only', 10, 100, 1000)] } as const;
    expect(words(rising, 'busy_sessions_at_peak')).toContain('10 busy at the peak');
    const calm = { ...holding(50, 100), service: { containerConcurrency: 400 } };
    expect(words(calm, 'acquire_timeout_share')).toContain('less than 0.01 % of them give up');
  });

  it('of a burst say who holds a session, and how many there are', () => {
    const sync = { kind: 'sync', ratePerSec: 0, requests: 40, everyMs: null } as const;
    const requests = [route('order', { holdMs: 100 }), route('ping', { weight: 3 })] as const;
    expect(words({ requests, phases: [shaped('only', 10_000, sync)] }, 'sessions_at_once')).toBe(
      'at most 40 of the arrivals come within one hold of 100 ms and 0.25 of all hold one: 10 sessions at once, of 5 x 1 x 4 = 20 in the pools',
    );
    const all = { ...holding(100, 1), phases: [shaped('only', 10_000, sync)] } as const;
    expect(words(all, 'sessions_at_once')).toContain('one hold of 100 ms: 40 sessions at once');
  });

  it('of a cold start say the load, the pending limit and who is refused', () => {
    expect(words({ ...holding(50, 1000), startupDelayMs: 4000 }, 'cold_start_wait')).toBe(
      'if the load meets no instance, at 1000/s and 400/s once up: the longest wait is at least 14 s (pending limit 14 s), 2000 are refused, from 6.67 s on',
    );
    expect(words({ ...holding(50, 100), startupDelayMs: 4000 }, 'cold_start_wait')).toContain(
      '(pending limit 14 s), nobody is refused',
    );
    const rising = {
      ...holding(50, 1),
      phases: [ramp('only', 1000, 5000, 10_000)],
      startupDelayMs: 4000,
    } as const;
    expect(words(rising, 'cold_start_wait')).toContain('under 1000/s to 5000/s and 400/s once up');
  });

  it('carry a unit', () => {
    const units = predict({ ...holding(250, 120), service: { containerConcurrency: 400 } });
    expect(units.map(({ id, unit, phase }) => [id, unit, phase])).toEqual([
      ['busy_sessions', 'sessions', 'only'],
      ['pool_utilisation', 'ratio', 'only'],
      ['peak_backends', 'sessions', 'only'],
      ['acquire_timeout_share', 'ratio', 'only'],
      ['success_p50', 'ms', 'only'],
      ['refused_rate', 'per_sec', 'only'],
    ]);
  });
});

describe('the phase that may meet no instance', () => {
  it('is the first that sends anything', () => {
    const wanted = {
      ...holding(50, 1),
      phases: [steady('idle', 0, 1000), steady('then', 100, 1000), steady('last', 200, 1000)],
      startupDelayMs: 4000,
    } as const;
    const cold = predict(wanted).filter(({ id }) => id === 'cold_start_wait');
    expect(cold.map(({ phase }) => phase)).toEqual(['then']);
    expect(predict({ ...wanted, phases: [steady('idle', 0, 1000)] })).toEqual([]);
    expect(predict({ ...wanted, startupDelayMs: 0 }).map(({ id }) => id)).not.toContain('cold_start_wait');
  });
});

describe('how clearly over its capacity a phase must be', () => {
  it('is a tenth, before the median of those served is foretold', () => {
    const at = (ratePerSec: number) =>
      predict({ ...holding(250, ratePerSec), service: { containerConcurrency: 400 } }).map(({ id }) => id);
    expect(at(80)).not.toContain('refused_rate');
    expect(at(85)).toContain('refused_rate');
    expect(at(85)).not.toContain('success_p50');
    expect(at(88.1)).toContain('success_p50');
    const inFront = predict(holding(50, 600)).map(({ id }) => id);
    expect(inFront).toContain('refused_rate');
    expect(inFront).not.toContain('success_p50');
  });
});

const clients = shaped('closed', 10_000, {
  kind: 'closed',
  clients: 50,
  think: { law: 'exponential', meanMs: 500 },
});
