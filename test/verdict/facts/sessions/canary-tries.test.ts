import { expect, test } from 'vitest';
import { adminCanary } from '../../../../src/verdict/bounds/b04-admin-canary.ts';
import { triesOf } from '../../../../src/verdict/facts/sessions/canary-tries.ts';
import type { BoundResult } from '../../../../src/verdict/bounds/shared/bound.ts';
import { runFacts } from '../../../../src/verdict/facts/run-facts.ts';
import { makeEvidence } from '../../support/evidence-builder.ts';

/** A run that was cut so long after its burst began, with no canary in the burst. */
function cutInBurst(afterMs: number): BoundResult {
  const evidence = makeEvidence({ endedHow: 'interrupted', cutAt: 15_000 + afterMs });
  const burstUs = 18_000_000;
  const events = evidence.events.filter((event) => event.kind !== 'canary' || event.t_us < burstUs);
  const run = runFacts({ ...evidence, events });
  return adminCanary.judge(run, run.driven);
}

test('a phase of which too little was seen for a canary a second need not have one', () => {
  expect(cutInBurst(2000).status).toBe('PASS');
  expect(cutInBurst(4000)).toMatchObject({
    status: 'INCONCLUSIVE',
    reason: 'no headroom canary in phase burst',
  });
});

test('each canary is judged by its own tries, the login and the query together', () => {
  const facts = runFacts(makeEvidence());
  const own = facts.canaries.filter(({ role }) => role === 'headroom');
  const [first] = triesOf(facts, facts.driven, 'headroom').tries;
  expect(triesOf(facts, facts.driven, 'headroom').tries.length).toBe(own.length);
  expect(triesOf(facts, facts.driven, 'neighbor').tries.length).toBe(facts.canaries.length - own.length);
  expect(first?.tookMs).toBe(((own[0]?.connect_us ?? 0) + (own[0]?.query_us ?? 0)) / 1000);
});
