import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinSpans } from '../../../../src/verdict/facts/stalls/spans.ts';

const spans = fc.array(
  fc.tuple(fc.nat(60), fc.nat(20)).map(([fromUs, lastingUs]) => ({ fromUs, toUs: fromUs + lastingUs })),
  { maxLength: 8 },
);

test('what lies in any of several stretches is counted once', () => {
  fc.assert(
    fc.property(spans, fc.nat(90), fc.nat(90), (given, a, b) => {
      const [fromUs, toUs] = [Math.min(a, b), Math.max(a, b)];
      let counted = 0;
      for (let tUs = fromUs; tUs < toUs; tUs += 1)
        if (given.some((span) => tUs >= span.fromUs && tUs < span.toUs)) counted += 1;
      expect(joinSpans(given).within(fromUs, toUs)).toBe(counted);
    }),
  );
});

test('there is nothing in none', () => {
  expect(joinSpans([]).within(0, Infinity)).toBe(0);
});
