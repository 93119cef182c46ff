import { describe, expect, it } from 'vitest';
import { countAt, peakOf } from '../../../src/evidence/sessions/steps.ts';
import { instancesAlive } from '../../../src/evidence/sessions/instances.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { boundOf, describeEach, itJudgesAgain, itOverlaps, useRuns } from './runs.ts';
import { others } from './shipped.ts';

const runs = useRuns(others);

describeEach(others, runs);

describe('the wake-ups', () => {
  it.each(['cold-start.yaml', 'cold-start-unbudgeted.yaml'])(
    '%s really begins its waves with no instance, and a request starts the first',
    (file) => {
      const { evidence } = runs.of(file);
      const alive = instancesAlive(evidence.events);
      const waves = evidence.run.phases.filter(({ stress }) => stress);
      expect(waves.length).toBeGreaterThan(0);
      for (const { startUs } of waves) {
        const waveUs = evidence.run.load_start_us! + startUs;
        expect(countAt(alive, waveUs - 100_000)).toBe(0);
        expect(peakOf(alive, waveUs, waveUs + 3_000_000)?.count).toBeGreaterThan(1);
      }
      const reasons = evidence.events.flatMap((event) =>
        event.kind === 'instance' && event.state === 'starting' ? [event.reason] : [],
      );
      expect(reasons).toContain('AUTOSCALING');
    },
  );

  it('are refused by Postgres where nothing limits what wakes up', () => {
    expect(runs.broken('cold-start-unbudgeted.yaml')).toEqual(expect.arrayContaining(['B03', 'B05']));
  });
});

describe('the rollout', () => {
  itOverlaps('rollout-overlap.yaml', runs);
  itJudgesAgain('rollout-overlap.yaml', runs);

  it('loses no request in the shift: nothing is answered by a broken connection', () => {
    const { events } = runs.of('rollout-overlap.yaml').evidence;
    const reasons = events.flatMap((event) => (event.kind === 'platform' ? [event.reason] : []));
    expect(reasons.filter((reason) => reason !== 'no_instance')).toEqual([]);
  });
});

describe('the shared database', () => {
  it('counts each service for itself', () => {
    const { summary } = runs.of('shared-database.yaml');
    const peaks = summary.backends.services
      .filter(({ revision }) => revision === null)
      .map(({ service, peak_exact, claim }) => ({ service, within: (peak_exact ?? Infinity) <= claim }));
    expect(peaks).toEqual([
      { service: 'api', within: true },
      { service: 'worker', within: true },
    ]);
  });
});

describe('the credential rotations', () => {
  it.each(['credential-rotation.yaml', 'credential-rotation-cached.yaml'])(
    '%s expires the credential and ends the sessions, and both are seen',
    (file) => {
      const { events } = runs.of(file).evidence;
      const told = events.flatMap((event) =>
        event.kind === 'fault' ? [`${event.fault} ${event.state}`] : [],
      );
      expect(told.sort()).toEqual([
        'db.expire_credentials confirmed',
        'db.expire_credentials started',
        'db.terminate confirmed',
        'db.terminate started',
      ]);
    },
  );

  it('refuse nobody who reads the credential anew, and everybody who kept the old one', () => {
    const refused = (file: string): readonly (string | null)[] =>
      runs
        .of(file)
        .evidence.events.flatMap((event) =>
          event.kind === 'link' && event.what === 'refused' ? [event.sqlstate ?? null] : [],
        );
    expect(refused('credential-rotation.yaml')).toEqual([]);
    expect(new Set(refused('credential-rotation-cached.yaml'))).toEqual(new Set(['28P01']));
    expect(runs.broken('credential-rotation-cached.yaml')).toContain('B22');
  });
});

describe('the retry storms', () => {
  const both = ['retry-storm.yaml', 'retry-storm-unbounded.yaml'];
  const phaseOf = (file: string, name: string): Summary['amplification'][number] =>
    runs.of(file).summary.amplification.find(({ phase }) => phase === name)!;

  it('begin with the same schedule', () => {
    expect(new Set(both.map((file) => runs.of(file).summary.schedule.hash)).size).toBe(1);
  });

  it('end with the spike, or outlive it', () => {
    const recoveries = both.map((file) => boundOf(runs.of(file).summary, 'B22'));
    expect(recoveries.map((bound) => bound?.status)).toEqual(['PASS', 'FAIL']);
    expect(recoveries[1]?.reason).toMatch(/^METASTABLE/);
  });

  it('stay for good where everyone may wait: the spike is over, the service is not back', () => {
    expect(runs.of('retry-storm-unbounded.yaml').summary.diagnosis[0]?.id).toBe('D10');
    expect(phaseOf('retry-storm-unbounded.yaml', 'recovery').client).toBeGreaterThan(2);
  });

  it('are over with the spike where what would wait too long is refused at once', () => {
    expect(phaseOf('retry-storm.yaml', 'spike').client).toBeGreaterThan(1.2);
    expect(phaseOf('retry-storm.yaml', 'recovery').first_failed).toBeLessThan(0.3);
  });

  it('send nothing before its time, and every retry after the backoff that its policy chose', () => {
    const { attempts } = runs.of('retry-storm.yaml').evidence;
    const byArrival = new Map<number, typeof attempts>();
    for (const one of attempts) byArrival.set(one.arrival, [...(byArrival.get(one.arrival) ?? []), one]);
    let retries = 0;
    for (const tries of byArrival.values())
      for (const [index, one] of tries.entries()) {
        expect(one.attempt).toBe(index + 1);
        expect(one.sentUs).toBeGreaterThanOrEqual(one.intendedUs);
        if (index === 0) continue;
        retries += 1;
        const backoffMs = (one.intendedUs - tries[index - 1]!.endedUs!) / 1000;
        expect(backoffMs).toBeCloseTo(index === 1 ? 100 : 200, 2);
      }
    expect(retries).toBeGreaterThan(100);
  });
});
