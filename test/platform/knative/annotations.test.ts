import { expect, test } from 'vitest';
import { readKnativeSpec } from '../../../src/platform/local/knative/annotations.ts';

const read = (annotations: Readonly<Record<string, string>>) =>
  readKnativeSpec(
    Object.fromEntries(
      Object.entries(annotations).map(([name, text]) => [`autoscaling.knative.dev/${name}`, text]),
    ),
  );
const messages = (annotations: Readonly<Record<string, string>>) =>
  read(annotations).problems.map(({ message }) => message);

test('without annotations everything is as shipped', () => {
  expect(read({})).toEqual({
    spec: {
      metric: 'concurrency',
      aggregation: 'linear',
      target: null,
      utilization: null,
      stableWindowMs: 60_000,
      panicWindowMs: 6_000,
      panicThreshold: 2,
      targetBurstCapacity: 211,
      scaleDownDelayMs: 0,
      lastInstanceRetentionMs: 0,
      initialScale: 1,
      activationScale: 0,
    },
    problems: [],
  });
});

test('every annotation is read', () => {
  const { spec, problems } = read({
    class: 'kpa.autoscaling.knative.dev',
    metric: 'rps',
    target: '150',
    'target-utilization-percentage': '80',
    window: '2m',
    'panic-window-percentage': '20.0',
    'panic-threshold-percentage': '150',
    'target-burst-capacity': '-1',
    'scale-down-delay': '1m30s',
    'scale-to-zero-pod-retention-period': '42s',
    'initial-scale': '3',
    'activation-scale': '2',
    'metric-aggregation-algorithm': 'weighted-exponential',
    'min-scale': '1',
    'max-scale': '8',
  });
  expect(problems).toEqual([]);
  expect(spec).toEqual({
    metric: 'rps',
    aggregation: 'weighted-exponential',
    target: 150,
    utilization: 0.8,
    stableWindowMs: 120_000,
    panicWindowMs: 24_000,
    panicThreshold: 1.5,
    targetBurstCapacity: -1,
    scaleDownDelayMs: 90_000,
    lastInstanceRetentionMs: 42_000,
    initialScale: 3,
    activationScale: 2,
  });
});

test('the older spelling is known, and the newer one wins', () => {
  const { spec, problems } = read({
    targetBurstCapacity: '0',
    scaleDownDelay: '10s',
    'scale-down-delay': '20s',
    metricAggregationAlgorithm: 'weightedExponential',
  });
  expect(problems).toEqual([]);
  expect(spec).toMatchObject({
    targetBurstCapacity: 0,
    scaleDownDelayMs: 20_000,
    aggregation: 'weighted-exponential',
  });
});

test.each([
  ['class', 'hpa.autoscaling.knative.dev', 'kpa.autoscaling.knative.dev'],
  ['metric', 'cpu', 'concurrency or rps'],
  ['target', '0', 'a number from 0.01'],
  ['target', 'NaN', 'a number from 0.01'],
  ['target-utilization-percentage', '101', 'a number from 1 to 100'],
  ['window', '5s', 'a duration of whole seconds from 6s to 1h'],
  ['window', '60', 'a duration of whole seconds from 6s to 1h'],
  ['window', '10500ms', 'a duration of whole seconds from 6s to 1h'],
  ['panic-window-percentage', '0.5', 'a number from 1 to 100'],
  ['panic-threshold-percentage', '100', 'a number from 110 to 1000'],
  ['target-burst-capacity', '-2', '-1 or a number from 0'],
  ['scale-down-delay', '61m', 'a duration of whole seconds from 0s to 1h'],
  ['scale-to-zero-pod-retention-period', '-1s', 'a duration from 0s to 1h'],
  ['initial-scale', '0', 'a whole number from 1'],
  ['activation-scale', '1', 'a whole number from 2'],
  ['min-scale', '1.5', 'a whole number from 0'],
  ['metric-aggregation-algorithm', 'median', 'linear or'],
])('%s: %s is a problem, and the default stands in', (name, text, wanted) => {
  const { spec, problems } = read({ [name]: text });
  expect(spec).toEqual(read({}).spec);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain(`autoscaling.knative.dev/${name}: expected ${wanted}`);
  expect(problems[0]?.message).toContain(`got "${text}"`);
});

test('bounds that contradict each other are problems', () => {
  expect(messages({ 'min-scale': '5', 'max-scale': '3' })).toEqual([
    'autoscaling.knative.dev/max-scale (3) is less than min-scale (5)',
  ]);
  expect(messages({ 'min-scale': '5', 'activation-scale': '3' })).toEqual([
    'autoscaling.knative.dev/activation-scale (3) is less than min-scale (5)',
  ]);
  expect(messages({ 'max-scale': '2', 'activation-scale': '3' })).toEqual([
    'autoscaling.knative.dev/max-scale (2) is less than activation-scale (3)',
  ]);
});

test('an unknown annotation is never ignored silently, one of another namespace is not looked at', () => {
  expect(read({ 'target-burst-capacty': '1' }).problems).toEqual([
    {
      message: 'autoscaling.knative.dev/target-burst-capacty is not known; it has no effect here',
      hint: 'did you mean "autoscaling.knative.dev/target-burst-capacity"?',
    },
  ]);
  expect(readKnativeSpec({ 'run.googleapis.com/ingress': 'all' }).problems).toEqual([]);
});

test('a panic window is whole seconds, and never less than one', () => {
  expect(read({ window: '6s', 'panic-window-percentage': '1' }).spec.panicWindowMs).toBe(1_000);
  expect(read({ window: '15s' }).spec.panicWindowMs).toBe(2_000);
});
