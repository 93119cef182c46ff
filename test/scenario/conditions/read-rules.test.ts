import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { formatProblem } from '../../../src/base/errors.ts';
import { parseYaml } from '../../../src/base/yaml.ts';
import { readAborts, readAssertions } from '../../../src/scenario/conditions/read-rules.ts';
import {
  abortShape,
  assertionsShape,
  writeAborts,
  writeAssertions,
} from '../../../src/scenario/conditions/rules-codec.ts';

const names = { phases: ['baseline', 'recovery'], routes: ['read'], services: ['api'] };

function problemsOf(text: string): readonly string[] {
  const source = parseYaml(text, 'burst.yaml');
  const { assertions = [], abort = [] } = source.value as Record<'assertions' | 'abort', never[] | undefined>;
  return [
    ...readAssertions(assertions, names, source).problems,
    ...readAborts(abort, names, source).problems,
  ].map(formatProblem);
}

describe('a rule that can not be', () => {
  test.each([
    [
      'a metric, in quotes',
      'assertions:\n  - "p99(http.latncy) <= 1s"',
      'burst.yaml:2:10 "http.latncy" is not a metric\n  hint: did you mean "http.latency"?',
    ],
    [
      'a phase, in the long form',
      "assertions:\n  - { expr: 'max(db.sessions) <= 4 in recvery', severity: soft }",
      'burst.yaml:2:39 there is no phase "recvery"\n  hint: did you mean "recovery"?',
    ],
    [
      'a service, in plain text',
      'assertions:\n  - max(db.sessions{service=apo}) <= 4',
      'burst.yaml:2:29 there is no service "apo"\n  hint: did you mean "api"?',
    ],
    [
      'a value without its unit',
      'assertions: ["p99(http.latency) <= 800"]',
      'burst.yaml:1:36 expected a duration with its unit, such as "800ms", got "800"',
    ],
  ])('stands where %s is', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('ends no run when it is known only afterwards', () => {
    const [problem] = problemsOf("abort:\n  - { when: 'max(gen.lag) > 1s' }");
    expect(problem).toMatch(/^burst\.yaml:2:13 gen\.lag is known only when the run is over\n {2}hint: these/);
  });

  test('all of them are told at once', () => {
    const text =
      'assertions: ["max(nothing) <= 1", "avg(db.sessions) <= 1"]\nabort: ["rate(db.refused) > 1"]';
    expect(problemsOf(text)).toHaveLength(3);
  });
});

test('a rule that can be is what it says', () => {
  const text = `assertions:
  - 'max(db.backends) <= 90% of usable for 2s'
  - { expr: 'ratio(http.requests{good=yes}) >= 99%', severity: soft, because: callers are people }`;
  const source = parseYaml(text, 'burst.yaml');
  const { assertions } = source.value as { assertions: never[] };
  expect(readAssertions(assertions, names, source).rules).toMatchObject([
    {
      severity: 'hard',
      because: null,
      condition: { threshold: { kind: 'share', percent: 90, of: 'usable' }, forMs: 2000 },
    },
    { severity: 'soft', because: 'callers are people', condition: { aggregate: 'ratio' } },
  ]);
});

test('rules come back as they were written', () => {
  const text = `assertions:
  - 'max(db.backends) <= 90% of usable for 2s'
  - { expr: "p99(http.latency{outcome=ok|shed}) <= 0.5ms in recovery", severity: soft, because: 'so: it is' }
abort:
  - 'rate(db.refused{service=api}) > 1.25/s'
  - { when: 'max(db.sessions) >= 3 for 1500ms', because: shared }`;
  const read = (yaml: string): object => {
    const source = parseYaml(yaml, 'burst.yaml');
    const { assertions, abort } = source.value as { assertions: never[]; abort: never[] };
    return { assertions: readAssertions(assertions, names, source), abort: readAborts(abort, names, source) };
  };
  const { assertions, abort } = read(text) as {
    assertions: ReturnType<typeof readAssertions>;
    abort: ReturnType<typeof readAborts>;
  };
  const written = stringify({
    assertions: z.encode(assertionsShape, writeAssertions(assertions.rules)),
    abort: z.encode(abortShape, writeAborts(abort.rules)),
  });
  expect([assertions.rules.length, abort.rules.length]).toEqual([2, 2]);
  expect(read(written)).toEqual({ assertions, abort });
});
