import fc from 'fast-check';
import { HistogramLogReader, listTags } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { latencyLog } from '../../src/evidence/latency/latency-log.ts';
import { latencyByPhase } from '../../src/evidence/latency/latency.ts';
import { attempt, evidence, run } from './given.ts';

describe('latency by phase and outcome', () => {
  it('counts response time from the intended start and service time from the actual one', () => {
    const [only] = latencyByPhase([attempt({ intendedUs: 0, sentUs: 2000, endedUs: 5000 })]);
    expect(only).toEqual({
      phase: 'burst',
      outcome: 'ok',
      n: 1,
      responseMs: { p50: 5, p90: 5, p99: null, max: 5 },
      serviceMs: { p50: 3, p90: 3, p99: null, max: 3 },
    });
  });

  it('is exact', () => {
    const duration = fc.array(fc.integer({ min: 0, max: 40_000_000 }), { minLength: 100, maxLength: 300 });
    fc.assert(
      fc.property(duration, (durations) => {
        const attempts = durations.map((us) => attempt({ intendedUs: 7, sentUs: 7, endedUs: 7 + us }));
        const [latency] = latencyByPhase(attempts);
        const sorted = [...durations].sort((a, b) => a - b);
        const exact = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]! / 1000;
        expect(latency!.responseMs).toEqual({
          p50: exact(0.5),
          p90: exact(0.9),
          p99: exact(0.99),
          max: exact(1),
        });
      }),
      { numRuns: 30 },
    );
  });

  it('keeps phases in the order in which they came and outcomes in theirs', () => {
    const attempts = [
      attempt({ phase: 'warm', outcome: 'shed' }),
      attempt({ phase: 'warm' }),
      attempt({ phase: 'burst', outcome: 'unknown' }),
    ];
    expect(latencyByPhase(attempts).map(({ phase, outcome }) => `${phase}/${outcome}`)).toEqual([
      'warm/ok',
      'warm/shed',
      'burst/unknown',
    ]);
  });

  it('leaves out what never ended', () => {
    const attempts = [
      attempt({ outcome: 'dropped', endedUs: null }),
      attempt({ outcome: 'unfinished', endedUs: null }),
      attempt({ outcome: 'client_timeout', endedUs: 35_001_000 }),
    ];
    expect(latencyByPhase(attempts)).toMatchObject([
      { outcome: 'client_timeout', n: 1, responseMs: { max: 35_000 } },
    ]);
  });

  it('speaks of a p99 only from a hundred attempts on', () => {
    const attempts = Array.from({ length: 100 }, () => attempt());
    expect(latencyByPhase(attempts)[0]?.responseMs.p99).toBe(5);
    expect(latencyByPhase(attempts.slice(1))[0]?.responseMs.p99).toBeNull();
  });
});

describe('latency.hlog', () => {
  const attempts = [
    ...Array.from({ length: 200 }, (_, index) =>
      attempt({ phase: 'base line, cold', intendedUs: 1_000_000, endedUs: 1_000_000 + (index + 1) * 100 }),
    ),
    attempt({ phase: 'burst', outcome: 'shed', intendedUs: 2_000_000, endedUs: 2_001_500 }),
    attempt({ phase: 'burst', outcome: 'dropped', endedUs: null }),
  ];

  it('is read by an HdrHistogram log reader, one tagged histogram for each phase and outcome', () => {
    const text = latencyLog(evidence({ attempts }));
    expect(text).toContain('#[Histogram log format version 1.3]\n');
    expect(text).toContain(
      `#[StartTime: ${Date.parse(run.started_at) / 1000}.000 (seconds since epoch), ${run.started_at}]\n`,
    );
    expect(listTags(text)).toEqual(['base_line_cold/ok', 'burst/shed']);
    const reader = new HistogramLogReader(text);
    const first = reader.nextIntervalHistogram()!;
    expect(first.totalCount).toBe(200);
    expect(first.getValueAtPercentile(50)).toBeGreaterThanOrEqual(10_000);
    expect(first.getValueAtPercentile(50)).toBeLessThanOrEqual(10_020);
    expect(first.startTimeStampMsec).toBe(Date.parse(run.started_at) + 1000);
    expect(reader.nextIntervalHistogram()!.totalCount).toBe(1);
    expect(reader.nextIntervalHistogram()).toBeNull();
  });

  it('takes what took longer than an hour as an hour, and what can not be, without throwing', () => {
    const strange = [attempt({ intendedUs: 0, endedUs: 1e13 }), attempt({ intendedUs: 5000, endedUs: 4000 })];
    const histogram = new HistogramLogReader(
      latencyLog(evidence({ attempts: strange })),
    ).nextIntervalHistogram()!;
    expect(histogram.totalCount).toBe(2);
    expect(histogram.maxValue / 3.6e9).toBeCloseTo(1, 2);
  });

  it('is the same text in every time zone', () => {
    const before = process.env['TZ'];
    const text = latencyLog(evidence({ attempts }));
    process.env['TZ'] = 'Asia/Tokyo';
    expect(latencyLog(evidence({ attempts }))).toBe(text);
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
});
