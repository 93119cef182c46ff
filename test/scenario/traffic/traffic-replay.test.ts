import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readReplayLines } from '../../../src/scenario/traffic/replay-lines.ts';
import { replayTimeUs } from '../../../src/scenario/traffic/replay-time.ts';
import type { Replay } from '../../../src/scenario/traffic/traffic.ts';
import { trafficOf, wrongWith } from './traffic-file.ts';

/** A phase of ten seconds that replays a list. */
function replaying(more = ''): string {
  return `{ phases: [{ name: only, duration: 10s, replay: { file: times.csv${more} } }] }`;
}

async function replayOf(list: string, more = ''): Promise<Replay> {
  const { shape } = (await trafficOf(replaying(more), { 'times.csv': list })).phases[0];
  if (shape.kind !== 'replay') throw new Error(`a ${shape.kind}`);
  return shape;
}

async function wrong(list: string, more = ''): Promise<readonly string[]> {
  return wrongWith(replaying(more), { 'times.csv': list });
}

describe('a recorded list', () => {
  it('has a time a line, counted from the first one', async () => {
    const { atUs, routes } = await replayOf('1700000000.5\n1700000001\n1700000003.123456\n');
    expect(atUs).toEqual([0, 500_000, 2_623_456]);
    expect(routes).toEqual([null, null, null]);
  });

  it('has dates, with or without a zone, a header and the names of routes', async () => {
    const list = [
      '\uFEFFwhen,route',
      '2026-11-21T08:00:00Z,write',
      '2026-11-21 08:00:01.25,read',
      '"2026-11-21T09:00:02.000001+01:00",""',
      '',
    ].join('\r\n');
    const { atUs, routes } = await replayOf(list);
    expect(atUs).toEqual([0, 1_250_000, 2_000_001]);
    expect(routes).toEqual([1, 0, null]);
  });

  it('is sorted, for lists are written when requests end', async () => {
    const { atUs, routes } = await replayOf('12,write\n10,read\n11\n12,read\n');
    expect(atUs).toEqual([0, 1_000_000, 2_000_000, 2_000_000]);
    expect(routes).toEqual([0, null, 1, 0]);
  });

  it('goes faster and slower', async () => {
    expect((await replayOf('0\n15\n', ', speed: 2')).atUs).toEqual([0, 7_500_000]);
    expect((await replayOf('0\n3\n', ', speed: 0.5')).atUs).toEqual([0, 6_000_000]);
  });
});

describe('a list that can’t be replayed', () => {
  it('is refused with each line that is wrong', async () => {
    const list =
      '0\nsoon\n1,wriet\n2026-11-21T08:00:00Z\n2,read,GET\n3,elsewhere\n2026-02-30T00:00:00Z\n-4\n';
    expect(await wrong(list)).toEqual([
      'times.csv:2:1 expected a time in seconds or ISO 8601, got "soon"',
      'times.csv:3:3 no request is called "wriet" (did you mean "write"?)',
      'times.csv:4:1 expected seconds, as in the lines before, got "2026-11-21T08:00:00Z"',
      'times.csv:5:8 expected a time and at most a route',
      'times.csv:6:3 no request is called "elsewhere" (requests: read, write)',
      'times.csv:7:1 expected a time in seconds or ISO 8601, got "2026-02-30T00:00:00Z"',
      'times.csv:8:1 expected a time in seconds or ISO 8601, got "-4"',
    ]);
  });

  it('says ten of many such lines, and how many more there are', async () => {
    const problems = await wrong(`0\n${'1,x\n'.repeat(500)}`);
    expect(problems).toHaveLength(11);
    expect(problems.at(-1)).toBe('times.csv:11:3 and 490 more lines of this list');
  });

  it('is refused where it is not there or holds nothing', async () => {
    const place = 'x.yaml:2:66 ';
    expect(await wrongWith(replaying())).toEqual([`${place}can't read times.csv: no such file`]);
    expect(await wrong('time,route\n\n')).toEqual([`${place}times.csv holds no arrival`]);
  });

  it('is refused where it is longer than its phase, with what would take it all', async () => {
    expect(await wrong('0\n9.999999\n10\n20\n')).toEqual([
      'x.yaml:2:66 2 of 4 arrivals in times.csv come after the end of the phase, 10 s (the last comes at 20 s: a longer duration or speed: 2.02 takes them all)',
    ]);
    expect(await wrong('0\n9.999999\n10\n20\n', ', speed: 2.02')).toEqual([]);
  });
});

describe('a recorded time', () => {
  const epochUs = fc
    .integer({ min: 0, max: 4e9 })
    .chain((seconds) => fc.integer({ min: 0, max: 999_999 }).map((us) => ({ seconds, us })));

  it('is the same to the microsecond in both forms', () => {
    fc.assert(
      fc.property(epochUs, ({ seconds, us }) => {
        const fraction = String(us).padStart(6, '0');
        const date = new Date(seconds * 1000).toISOString().slice(0, 19);
        const wanted = seconds * 1e6 + us;
        expect(replayTimeUs(`${seconds}.${fraction}`)?.us).toBe(wanted);
        expect(replayTimeUs(`${date}.${fraction}Z`)?.us).toBe(wanted);
        expect(replayTimeUs(`${date}.${fraction}`)?.us).toBe(wanted);
        expect(replayTimeUs(`${date}.${fraction}-01:30`)?.us).toBe(wanted + 90 * 60e6);
      }),
    );
  });

  it.each([
    '',
    '1700000000123',
    '1e3',
    '0x10',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01',
    '1:00',
  ])('is not "%s"', (text) => {
    expect(replayTimeUs(text)).toBeNull();
  });
});

describe('whatever stands in a list', () => {
  it('it is read or refused with places in it', () => {
    const field = fc.oneof(
      fc.constantFrom('0', '1.5', '2026-11-21T08:00:00Z', 'read', 'x', '""', ''),
      fc.string(),
    );
    const lines = fc.array(fc.array(field, { maxLength: 3 }).map((fields) => fields.join(',')));
    fc.assert(
      fc.property(lines, (given) => {
        const { arrivals, problems } = readReplayLines(given.join('\n'), 'times.csv', ['read']);
        for (const { us, route } of arrivals) {
          expect(Number.isSafeInteger(us)).toBe(true);
          expect([null, 0]).toContain(route);
        }
        for (const { place } of problems)
          expect(place?.line).toBeLessThanOrEqual(given.join('\n').split('\n').length);
      }),
    );
  });
});
