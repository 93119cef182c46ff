import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomes } from '../../../src/evidence/attempt.ts';
import {
  operators,
  printCondition,
  wholes,
  type Condition,
  type Threshold,
} from '../../../src/scenario/conditions/condition.ts';
import {
  aggregatesOf,
  amountUnit,
  metricNames,
  metrics,
  tagValues,
  type MetricName,
} from '../../../src/scenario/conditions/metrics.ts';
import { parseCondition } from '../../../src/scenario/conditions/parse-condition.ts';

const word = fc.stringMatching(/^[a-z][\w .|,=(){}<>-]{0,12}$/);
const amount = fc.oneof(
  fc.nat(100_000),
  fc.integer({ min: 1, max: 99_999 }).map((n) => n / 100),
);

function tagsOf(name: MetricName): fc.Arbitrary<Condition['tags']> {
  const known: readonly string[] = metrics[name].tags;
  return fc.subarray([...known]).chain((tags) =>
    fc
      .tuple(
        ...tags.map((tag) =>
          fc.array(tagValues[tag] === undefined ? word : fc.constantFrom(...tagValues[tag]), {
            minLength: 1,
            maxLength: 3,
          }),
        ),
      )
      .map((values) => Object.fromEntries(tags.map((tag, index) => [tag, values[index] ?? []]))),
  );
}

const condition: fc.Arbitrary<Condition> = fc.constantFrom(...metricNames).chain((metric) =>
  fc.constantFrom(...aggregatesOf(metrics[metric])).chain((aggregate) => {
    const unit = amountUnit(aggregate, metrics[metric]);
    const plain: fc.Arbitrary<Threshold> = amount.map((value) => ({ kind: 'amount', amount: value, unit }));
    const share: fc.Arbitrary<Threshold> = fc
      .tuple(amount, fc.constantFrom(...wholes))
      .map(([percent, of]) => ({ kind: 'share', percent, of }));
    const isShared = unit === '' && metrics[metric].unit === 'sessions';
    return fc.record({
      aggregate: fc.constant(aggregate),
      metric: fc.constant(metric),
      tags: tagsOf(metric),
      operator: fc.constantFrom(...operators),
      threshold: isShared ? fc.oneof(plain, share) : plain,
      phase: fc.option(word),
      forMs: fc.option(fc.integer({ min: 1000, max: 600_000 })),
    });
  }),
);

describe('the grammar of conditions', () => {
  test('reads back what it prints', () => {
    fc.assert(
      fc.property(condition, (one) => {
        expect(parseCondition(printCondition(one))).toEqual({ ok: true, value: one });
      }),
    );
  });

  test.each([
    'p99(http.latency{outcome=ok}) <= 800ms in recovery',
    'max(db.backends) >= 95% of server for 5s',
    'ratio(http.attempts{outcome=shed|pool_timeout}) < 30% in burst',
    'max(db.connects) <= 40/s',
    'count(db.refused) == 0',
    "max(db.backends{state='idle in transaction'}) <= 2 for 3s",
  ])('%s means the same when it is printed and read again', (text) => {
    const parsed = parseCondition(text);
    expect(parsed).toMatchObject({ ok: true });
    if (parsed.ok) expect(parseCondition(printCondition(parsed.value))).toEqual(parsed);
  });

  test('never throws, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseCondition(text);
        if (!parsed.ok) expect(parsed.slip.at).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('a slip', () => {
  test.each([
    ['p99(http.latncy) <= 1s', 4, 'did you mean "http.latency"?'],
    ['p98(http.latency) <= 1s', 0, 'did you mean "p'],
    ['p99(http.latency{outcom=ok}) <= 1s', 17, 'did you mean "outcome"?'],
    ['p99(http.latency{outcome=okay}) <= 1s', 25, 'did you mean "ok"?'],
    ['avg(db.sessions) <= 4', 0, 'it has min, max'],
    ['max(http.latency) <= 95% of server', 21, 'sessions can be a share'],
    ['max(http.latency) =< 1s', 18, 'known: <= < >= > == !='],
    ['max(http.latency) <= 1s during burst', 24, 'the form is'],
  ])('in %s stands at %i', (text, at, hint) => {
    expect(parseCondition(text)).toMatchObject({
      ok: false,
      slip: { at, hint: expect.stringContaining(hint) as string },
    });
  });

  test.each(['p99(http.latency) <= 800', 'rate(db.refused) < 1', 'ratio(gen.dropped) < 0.1'])(
    'is a value without its unit: %s',
    (text) => expect(parseCondition(text)).toMatchObject({ ok: false }),
  );
});

test('the outcomes that can be asked for are those that attempts come to', () => {
  expect([...tagValues.outcome!, 'dropped'].sort()).toEqual([...outcomes].sort());
});
