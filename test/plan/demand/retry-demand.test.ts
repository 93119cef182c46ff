import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { predictRetries } from '../../../src/plan/demand/retry-demand.ts';
import type { PlannedPhase, Prediction } from '../../../src/plan/run-plan.ts';
import { budgetDefaults, customPolicy, policies } from '../../../src/scenario/clients/client-policies.ts';
import type { Client, RetryPolicy } from '../../../src/scenario/clients/client.ts';
import { clientOf, route, scenarioOf } from '../scenario.ts';

/** The safe service has 20 sessions: with this hold it serves so many requests a second. */
const holdFor = (capacityPerSec: number): number => (20 / capacityPerSec) * 1000;

type Loaded = Pick<PlannedPhase, 'name' | 'peakPerSec' | 'ratePerSec' | 'rampToPerSec'>;

function phaseOf(name: string, perSec: number): Loaded {
  return { name, peakPerSec: perSec, ratePerSec: perSec, rampToPerSec: perSec };
}

function predict(
  client: Partial<Client>,
  ratePerSec: number,
  capacityPerSec?: number,
): readonly Prediction[] {
  const holdMs = capacityPerSec === undefined ? {} : { holdMs: holdFor(capacityPerSec) };
  const scenario = { ...scenarioOf({ requests: [route('ok', holdMs)] }), client: clientOf(client) };
  return predictRetries(scenario, [phaseOf('only', ratePerSec)]);
}

function one(predictions: readonly Prediction[], id: string): Prediction | undefined {
  return predictions.find((prediction) => prediction.id === id);
}

const retrying = (more: Partial<RetryPolicy>): Partial<Client> => ({ retry: { ...customPolicy, ...more } });

describe('what retries can make of the load', () => {
  it('is not said of clients that do not retry', () => {
    expect(predict({}, 100, 100)).toEqual([]);
    expect(predict(retrying({ maxAttempts: 1, layers: 3 }), 100, 100)).toEqual([]);
  });

  it('is the attempts of all layers, and the load when all of them fail', () => {
    const predictions = predict(retrying({ maxAttempts: 3, layers: 2 }), 20);
    expect(one(predictions, 'retry_worst_attempts')).toMatchObject({ value: 9, phase: 'only' });
    expect(one(predictions, 'retry_worst_attempts')?.statement).toContain('3^2 = 9 attempts');
    expect(one(predictions, 'retry_storm_rate')).toMatchObject({ value: 180, unit: 'per_sec' });
    expect(one(predictions, 'retry_storm_rate')?.statement).toBe(
      'if every attempt fails: 20/s x 9 = 180 attempts/s',
    );
    expect(one(predictions, 'retry_vulnerability')).toBeUndefined();
  });

  it('is said once for the attempts of a request, and for each phase that sends for the load', () => {
    const scenario = { ...scenarioOf(), client: clientOf(retrying({})) };
    const phases = [phaseOf('idle', 0), phaseOf('low', 10), phaseOf('high', 30)];
    const said = predictRetries(scenario, phases).map(({ id, phase, value }) => [id, phase, value]);
    expect(said).toEqual([
      ['retry_worst_attempts', 'low', 3],
      ['retry_storm_rate', 'low', 30],
      ['retry_storm_rate', 'high', 90],
    ]);
  });

  it('takes the highest rate of a phase for its load, and the mean for what could last', () => {
    const requests = [route('ok', { holdMs: holdFor(100) })] as const;
    const scenario = { ...scenarioOf({ requests }), client: clientOf(retrying({})) };
    const ramp = { name: 'ramp', peakPerSec: 80, ratePerSec: 20, rampToPerSec: 40 };
    const predictions = predictRetries(scenario, [ramp]);
    expect(one(predictions, 'retry_storm_rate')?.value).toBe(240);
    expect(one(predictions, 'retry_vulnerability')?.value).toBeCloseTo(0.9);
  });

  it('says that a timeout after the deadline is never retried', () => {
    const late = { ...retrying({}), timeoutMs: 5000, deadlineMs: 5000 };
    const soon = { ...late, timeoutMs: 1000 };
    expect(one(predict(late, 10), 'retry_worst_attempts')?.statement).toContain('never retried');
    expect(one(predict(soon, 10), 'retry_worst_attempts')?.statement).not.toContain('never retried');
    const never = { ...late, ...retrying({ retryOn: { ...customPolicy.retryOn, timeout: false } }) };
    expect(one(predict(never, 10), 'retry_worst_attempts')?.statement).not.toContain('never retried');
  });

  interface Meta {
    readonly id: string;
    readonly inputs: { readonly lambda_rps: number; readonly cap_rps: number; readonly maxAttempts: number };
    readonly outputs: {
      readonly storm_rps: number;
      readonly recoveryThreshold_rps: number;
      readonly region: string;
    };
  }
  const file = new URL('../../vectors/queueing.json', import.meta.url);
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Meta[] };

  it.each(vectors.filter(({ id }) => id.startsWith('META-')))(
    '$id: $outputs.region',
    ({ inputs, outputs }) => {
      const { lambda_rps: rate, cap_rps: capacity, maxAttempts } = inputs;
      const predictions = predict(retrying({ maxAttempts }), rate, capacity);
      expect(one(predictions, 'retry_storm_rate')?.value).toBe(outputs.storm_rps);
      expect(one(predictions, 'retry_vulnerability')?.value).toBeCloseTo(outputs.storm_rps / capacity, 6);
      const statement = one(predictions, 'retry_vulnerability')?.statement;
      expect(statement).toContain(`: ${outputs.region}: `);
      const threshold = Number(/below ([\d.]+)\/s/.exec(statement ?? '')?.[1] ?? NaN);
      if (outputs.region === 'vulnerable') expect(threshold).toBeCloseTo(outputs.recoveryThreshold_rps, 1);
    },
  );

  it.each([
    [33, 'stable'],
    [34, 'vulnerable'],
    [99, 'vulnerable'],
    [100, 'over capacity without any retry'],
  ])('at %i/s of 100/s with three attempts: %s', (rate, words) => {
    expect(one(predict(retrying({}), rate, 100), 'retry_vulnerability')?.statement).toContain(words);
  });

  it('a ratio budget holds the storm to its share, and to its minimum for each client', () => {
    const client = { ...retrying({ budget: budgetDefaults.ratio }), count: 2 };
    const predictions = predict(client, 60, 100);
    expect(one(predictions, 'retry_storm_rate')).toMatchObject({ value: 180 });
    expect(one(predictions, 'retry_storm_rate')?.statement).toContain('of 2 clients holds that to 92/s');
    expect(one(predictions, 'retry_vulnerability')?.value).toBeCloseTo(0.92);
    expect(one(predictions, 'retry_vulnerability')?.statement).toContain('stable');
    // (100 - 2 x 10) / 1.2
    expect(one(predict(client, 67, 100), 'retry_vulnerability')?.statement).toContain(
      'until the load falls below 66.67/s',
    );
  });

  it('a great minimum for many clients holds nothing', () => {
    const client = { ...retrying({ budget: budgetDefaults.ratio }), count: 1000 };
    expect(one(predict(client, 60, 100), 'retry_storm_rate')?.statement).not.toContain('budget');
    expect(one(predict(client, 60, 100), 'retry_vulnerability')?.value).toBeCloseTo(1.8);
    expect(one(predict(client, 60, 100), 'retry_vulnerability')?.statement).toContain(
      'until the load falls below 33.33/s',
    );
  });

  it.each(['grpc', 'aws_standard', 'token_bucket'] as const)(
    'the tokens of %s run out where all fail',
    (name) => {
      const predictions = predict({ retry: policies[name], count: 10 }, 90, 100);
      expect(one(predictions, 'retry_storm_rate')?.statement).toContain('holds that to 90/s');
      expect(one(predictions, 'retry_vulnerability')?.statement).toContain('stable');
    },
  );
});
