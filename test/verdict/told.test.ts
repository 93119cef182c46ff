import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { judge } from '../../src/verdict/judge.ts';
import { badStory, goodStory, makeEvidence } from './support/evidence-builder.ts';
import { planted } from './support/planted.ts';
import {
  rolloutStory,
  sharedStory,
  tightRolloutStory,
  wakeStory,
  withClosed,
  withRetries,
} from './support/stories.ts';

/*
 * What is told of a run, in full: every sentence and number of its summary, one line for each bound, guard, diagnosis,
 * prediction and phase. After an intended change `npx vitest run --project thorough -u` writes
 * them anew; read the diff.
 */

const rules = [
  'max(db.backends) <= 15',
  'max(db.sessions) <= 25% of claim',
  'min(run.instances) >= 4 in burst',
  'count(db.refused) == 0',
  'count(http.attempts{outcome=shed}) < 5',
  'p99(http.latency{outcome=ok}) <= 10ms',
  'max(http.latency{outcome=ok}) <= 28ms',
  'ratio(http.attempts{outcome=shed}) < 30% in burst',
  'rate(http.attempts) >= 61/s in burst',
  'max(http.attempts) <= 60/s',
  'avg(http.amplification) <= 1',
  'max(db.sessions) <= 15 for 9s',
  'max(db.sessions) <= 16 for 2s',
  'min(run.instances) >= 2 for 3s',
  'p99(http.latency) <= 1ms for 2s',
];

/** The same run with rules of its own, hard and soft in turn. */
function withRules(evidence: Evidence): Evidence {
  const assertions = rules.map((expr, index) => ({
    expr,
    severity: index % 2 === 0 ? ('hard' as const) : ('soft' as const),
    because: index % 3 === 0 ? 'we promised' : null,
  }));
  return { ...evidence, run: { ...evidence.run, assertions } };
}

const blind = { blindFrom: 15_000, blindTo: 19_000 };
const others: readonly (readonly [string, () => Evidence])[] = [
  ['a good run', () => makeEvidence({}, goodStory)],
  ['a run that was stopped', () => makeEvidence({ endedHow: 'interrupted', cutAt: 20_000 }, goodStory)],
  ['a run that was not watched for four seconds', () => makeEvidence(blind, badStory)],
  ['a run that was sent late', () => makeEvidence({ lagMs: 400 }, goodStory)],
  ['a rollout that fits', () => makeEvidence({}, rolloutStory)],
  ['a rollout that does not fit', () => makeEvidence({}, tightRolloutStory)],
  ['two services that fit', () => makeEvidence({}, sharedStory)],
  ['a start from nothing', () => makeEvidence({}, wakeStory)],
  ['a closed phase', () => withClosed(makeEvidence({}, goodStory), 'burst', 30, 500)],
  [
    'clients that ask again',
    () => withRetries(makeEvidence({}, goodStory), () => ({ outcome: 'shed', tookMs: 10 })),
  ],
  ['a good run with rules of its own', () => withRules(makeEvidence({}, goodStory))],
  ['a bad run with rules of its own', () => withRules(makeEvidence({}, badStory))],
];

describe('what is told of', () => {
  test.each(others)('%s', async (name, evidence) => {
    await expect(told(evidence())).toMatchFileSnapshot(fileOf(name));
  });

  test.each(planted)('$id: $what', async ({ what, evidence }) => {
    await expect(told(evidence())).toMatchFileSnapshot(fileOf(what, 'planted/'));
  });
});

function told(evidence: Evidence): string {
  const lines = Object.entries(judge(evidence)).flatMap(([key, value]) =>
    Array.isArray(value)
      ? value.map((item) => `${key} ${JSON.stringify(item)}`)
      : [`${key} ${JSON.stringify(value)}`],
  );
  return `${lines.join('\n')}\n`;
}

function fileOf(name: string, under = ''): string {
  return `../fixtures/told/${under}${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.txt`;
}
