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

const clients = shaped('closed', 10_000, {
  kind: 'closed',
  clients: 50,
  think: { law: 'exponential', meanMs: 500 },
});
