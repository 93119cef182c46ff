import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRandom } from '../../src/base/random.ts';
import { freeFlow, type FlowConditions } from '../../src/link/flow-conditions.ts';
import { HeldStream } from '../../src/link/held-stream.ts';

interface Passed {
  readonly atUs: number;
  readonly bytes: Buffer;
}

const text = (passed: readonly Passed[]): string =>
  Buffer.concat(passed.map(({ bytes }) => bytes)).toString();
const conditions = (given: Partial<FlowConditions>): FlowConditions => ({ ...freeFlow, ...given });

/** A stream that is told the time by hand, and asked when it wants to be. */
class Held {
  nowUs = 0;
  readonly passed: Passed[] = [];
  readonly ends: string[] = [];
  readonly stream: HeldStream;

  constructor(given: Partial<FlowConditions> = {}, seed = 1) {
    this.stream = new HeldStream(conditions(given), makeRandom(seed, 'test'), 0);
  }

  push(bytes: string | Buffer): void {
    this.stream.push(Buffer.from(bytes), this.nowUs);
  }

  impose(given: Partial<FlowConditions>): void {
    this.stream.impose(conditions(given), this.nowUs);
  }

  /** Goes on to a moment, and stops on the way wherever something may pass. */
  to(untilUs: number): void {
    for (let steps = 0; steps < 100_000; steps += 1) {
      const nextUs = Math.max(this.nowUs, this.stream.nextUs() ?? Infinity);
      this.nowUs = Math.min(untilUs, nextUs);
      for (let cargo = this.stream.take(this.nowUs); cargo !== null; cargo = this.stream.take(this.nowUs)) {
        if (typeof cargo === 'string') this.ends.push(cargo);
        else this.passed.push({ atUs: this.nowUs, bytes: cargo });
      }
      if (nextUs >= untilUs) return;
    }
    throw new Error('it never came to the end');
  }
}

test('latency is added to each piece, whatever comes between', () => {
  const held = new Held({ delayMs: 50 });
  held.push('a');
  held.to(30_000);
  held.push('b');
  held.to(200_000);
  expect(held.passed.map(({ atUs }) => atUs)).toEqual([50_000, 80_000]);
});

test('a line of limited speed passes bytes at that speed, and no faster after a rest', () => {
  const held = new Held({ bytesPerSec: 1000 });
  held.to(5_000_000);
  held.push(Buffer.alloc(500));
  held.to(5_250_000);
  const after = held.passed.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(after).toBeGreaterThanOrEqual(245);
  expect(after).toBeLessThanOrEqual(250);
  held.to(5_510_000);
  expect(held.stream.isEmpty).toBe(true);
});

test('latency and bandwidth add up: a delay, then the line', () => {
  const held = new Held({ delayMs: 100, bytesPerSec: 1000 });
  held.push(Buffer.alloc(100));
  held.stream.push('end', held.nowUs);
  held.to(1_000_000);
  expect(held.passed[0]?.atUs).toBeGreaterThan(100_000);
  expect(held.passed.at(-1)?.atUs).toBeGreaterThanOrEqual(200_000);
  expect(held.passed.at(-1)?.atUs).toBeLessThan(200_100);
  expect(held.ends).toEqual(['end']);
});

test('nothing passes a hole, and what was held passes at its end, in order', () => {
  const held = new Held({ blocked: true });
  held.push('one ');
  held.push('two');
  held.stream.push('end', 0);
  held.to(60_000_000);
  expect(held.passed).toEqual([]);
  expect(held.stream.nextUs()).toBeNull();
  held.impose({});
  held.to(60_000_001);
  expect(text(held.passed)).toBe('one two');
  expect(held.ends).toEqual(['end']);
});

test('the time in a hole is no credit for the line behind it', () => {
  const held = new Held({ blocked: true, bytesPerSec: 1000 });
  held.push(Buffer.alloc(1000));
  held.to(10_000_000);
  held.impose({ bytesPerSec: 1000 });
  held.to(10_500_000);
  expect(held.passed.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(500);
});

test('a delay that is taken back lets go at once of what it held', () => {
  const held = new Held({ delayMs: 10_000 });
  held.push('late');
  held.to(1000);
  held.impose({});
  held.to(1001);
  expect(held.passed).toEqual([{ atUs: 1000, bytes: Buffer.from('late') }]);
});

test('jitter is between delay less and delay more its spread, differs, and is the same for a seed', () => {
  const delays = (seed: number): readonly number[] => {
    const held = new Held({ delayMs: 100, spreadMs: 40 }, seed);
    const sent: number[] = [];
    for (let index = 0; index < 50; index += 1) {
      held.to(index * 500_000);
      sent.push(held.nowUs);
      held.push('x');
    }
    held.to(60_000_000);
    return held.passed.map(({ atUs }, index) => (atUs - sent[index]!) / 1000);
  };
  expect(delays(5)).toEqual(delays(5));
  expect(delays(5)).not.toEqual(delays(6));
  expect(Math.min(...delays(5))).toBeGreaterThanOrEqual(60);
  expect(Math.max(...delays(5))).toBeLessThanOrEqual(140.001);
  expect(Math.max(...delays(5)) - Math.min(...delays(5))).toBeGreaterThan(40);
});

const anyConditions = fc.record({
  delayMs: fc.integer({ min: 50, max: 300 }),
  spreadMs: fc.nat(50),
  bytesPerSec: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
  blocked: fc.boolean(),
});
const anyStep = fc.oneof(
  fc.record({ push: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ impose: fc.oneof(anyConditions, fc.constant(freeFlow)) }),
  fc.record({ pass: fc.nat(400_000) }),
);

test('no byte is lost, altered or overtaken, whatever is set and cleared meanwhile', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const held = new Held();
      const sent: Buffer[] = [];
      for (const step of steps) {
        if ('push' in step) {
          sent.push(Buffer.from(step.push));
          held.push(Buffer.from(step.push));
        } else if ('impose' in step) held.impose(step.impose);
        else held.to(held.nowUs + step.pass);
        const so = Buffer.concat(held.passed.map(({ bytes }) => bytes));
        const all = Buffer.concat(sent);
        expect(all.subarray(0, so.length)).toEqual(so);
        expect(held.stream.bytes).toBe(all.length - so.length);
      }
      held.stream.push('end', held.nowUs);
      held.impose(freeFlow);
      held.to(held.nowUs + 1);
      expect(Buffer.concat(held.passed.map(({ bytes }) => bytes))).toEqual(Buffer.concat(sent));
      expect(held.ends).toEqual(['end']);
    }),
    { numRuns: 300 },
  );
});

test('within one span of time no line passes more than its speed allows', () => {
  const pushes = fc.array(fc.record({ waitUs: fc.nat(300_000), size: fc.integer({ min: 1, max: 500 }) }), {
    minLength: 1,
    maxLength: 15,
  });
  fc.assert(
    fc.property(pushes, fc.integer({ min: 10, max: 100_000 }), (given, bytesPerSec) => {
      const held = new Held({ bytesPerSec });
      for (const { waitUs, size } of given) {
        held.to(held.nowUs + waitUs);
        held.push(Buffer.alloc(size));
      }
      held.to(held.nowUs + 2e9);
      let sum = 0;
      const tooFast = held.passed.filter(({ atUs, bytes }) => {
        sum += bytes.length;
        return sum > (atUs * bytesPerSec) / 1e6 + 1e-6;
      });
      expect(tooFast).toEqual([]);
      expect(held.stream.isEmpty).toBe(true);
    }),
    { numRuns: 100 },
  );
});
