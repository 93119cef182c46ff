import { describe, expect, it } from 'vitest';
import {
  amount,
  failingFirst,
  grouped,
  headlineOf,
  momentWords,
  percent,
  plainLine,
  runClock,
} from '../../src/report/words.ts';
import { brokenRun } from './support/runs.ts';

describe('words', () => {
  it('tells time on the run clock', () => {
    expect([0, 4_230_000, 59_960_000, 72_250_000, 3_600_000_000, -500_000].map(runClock)).toEqual([
      '0:00.0',
      '0:04.2',
      '1:00.0',
      '1:12.3',
      '60:00.0',
      '-0:00.5',
    ]);
    expect(momentWords({ t_us: 25_400_000, phase: 'burst', offset_ms: 400 })).toBe('0:25.4 (burst +400 ms)');
    expect(momentWords({ t_us: 25_400_000, phase: null, offset_ms: 0 })).toBe('0:25.4');
  });

  it('never rounds a share to all or nothing', () => {
    expect([0, 0.0004, 0.5, 0.99996, 1].map(percent)).toEqual([
      '0 %',
      '< 0.1 %',
      '50 %',
      '> 99.9 %',
      '100 %',
    ]);
  });

  it('gives every value its unit', () => {
    expect(grouped(1_234_567.891)).toBe('1,234,567.89');
    expect(grouped(-1234)).toBe('-1,234');
    expect(amount(null, 'ms')).toBe('–');
    expect(amount(1100, 'ms')).toBe('1.1 s');
    expect(amount(20, 'sessions')).toBe('20 sessions');
    expect(amount(0.25, 'ratio')).toBe('25 %');
    expect(amount(2.5, 'ratio')).toBe('2.5×');
  });

  it('puts what is broken first, hard before soft', () => {
    const ids = failingFirst(brokenRun().summary.bounds).map(({ id }) => id);
    expect(ids).toEqual(['B03', 'B04', 'B05', 'B20', 'B11', 'B01', 'B06', 'B22', 'B23']);
  });

  it('says the verdict’s word once', () => {
    const { summary } = brokenRun();
    expect(headlineOf({ ...summary, headline: 'FAIL: headroom was invaded' })).toBe('headroom was invaded');
    expect(headlineOf({ ...summary, headline: 'FAIL' })).toBe('FAIL');
    expect(headlineOf({ ...summary, headline: 'headroom was invaded' })).toBe('headroom was invaded');
  });

  it('keeps a line to a line and a terminal unsteered', () => {
    expect(plainLine('a\u001b[31mred\u001b[0m\r\nb\u0007\u2028c\u009bd')).not.toMatch(
      /[\p{Cc}\p{Zl}\p{Zp}]/u,
    );
    expect(plainLine(' two\nlines ')).toBe('two lines');
  });
});
