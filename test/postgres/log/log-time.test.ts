import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeLogTime } from '../../../src/postgres/log/log-time.ts';

const us = (iso: string): number => Date.parse(iso) * 1000;

describe('the time of a log line', () => {
  it('is read in UTC, and as seconds since 1970', () => {
    const timeOf = makeLogTime('UTC');
    expect(timeOf('2026-11-21 02:00:55.038 UTC')).toBe(us('2026-11-21T02:00:55.038Z'));
    expect(timeOf('2026-11-21 02:00:55 GMT')).toBe(us('2026-11-21T02:00:55Z'));
    expect(timeOf('1795226455.038')).toBe(1795226455038000);
  });

  it('follows the rules of the zone, summer and winter', () => {
    const timeOf = makeLogTime('Europe/Berlin');
    expect(timeOf('2026-11-21 02:00:55.038 CET')).toBe(us('2026-11-21T01:00:55.038Z'));
    expect(timeOf('2026-07-21 02:00:55.038 CEST')).toBe(us('2026-07-21T00:00:55.038Z'));
  });

  it('is not guessed in the hour that comes twice, nor in a zone that nobody knows', () => {
    expect(makeLogTime('Europe/Berlin')('2026-10-25 02:30:00.000 CET')).toBeNull();
    expect(makeLogTime('Mars/Olympus')('2026-10-25 02:30:00.000 MST')).toBeNull();
    expect(makeLogTime('UTC')('2026-10-25 02:30:00.000 CST')).toBeNull();
  });

  it('is read where zones have no names but hours', () => {
    const timeOf = makeLogTime('America/Sao_Paulo');
    expect(timeOf('2026-11-21 02:00:55.038 -03')).toBe(us('2026-11-21T05:00:55.038Z'));
    expect(makeLogTime('Asia/Kolkata')('2026-11-21 02:00:55.038 +0530')).toBe(us('2026-11-20T20:30:55.038Z'));
  });

  it('is the moment that the zone showed so, or nothing', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 1.6e9, max: 1.9e9 }), (timeZone, sec) => {
        const shown = new Date(sec * 1000).toLocaleString('sv-SE', { timeZone });
        const read = makeLogTime(timeZone)(`${shown}.000 X`);
        return read === null || read === sec * 1e6;
      }),
    );
  });
});
