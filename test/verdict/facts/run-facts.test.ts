import { expect, test } from 'vitest';
import { countAt } from '../../../src/evidence/sessions/steps.ts';
import { runFacts } from '../../../src/verdict/facts/run-facts.ts';
import type { ServiceFacts } from '../../../src/verdict/facts/service-facts.ts';
import { badStory, makeEvidence } from '../support/evidence-builder.ts';

test('phases are put on the run clock, with the trigger at the end of the last stress', () => {
  const facts = runFacts(makeEvidence());
  expect(facts.phases.map(({ name, fromUs, toUs }) => [name, fromUs, toUs])).toEqual([
    ['baseline', 3_000_000, 18_000_000],
    ['burst', 18_000_000, 28_000_000],
    ['recovery', 28_000_000, 58_000_000],
  ]);
  expect(facts.baseline?.name).toBe('baseline');
  expect(facts.triggerEndUs).toBe(28_000_000);
});

test('the emulated platform may keep a request waiting, and the limits know it', () => {
  expect(runFacts(makeEvidence()).driven.thresholds).toMatchObject({
    pendingMs: 10_000,
    failPlatformMs: 10_100,
    claim: 16,
  });
});

test('a run that was cut counts its load only as far as it was watched', () => {
  const facts = runFacts(makeEvidence({ endedHow: 'interrupted', cutAt: 20_000 }));
  expect(facts.load).toEqual({ fromUs: 3_000_000, toUs: 23_000_000 });
});

test('sessions are known exactly per service and per instance, from the links', () => {
  const facts = runFacts(makeEvidence({}, badStory));
  expect(facts.driven.exact?.source).toBe('link');
  const tUs = 22_000_000;
  const each = [...facts.driven.perInstance.values()].map((steps) => countAt(steps, tUs));
  expect(each.reduce((sum, count) => sum + count, 0)).toBe(countAt(facts.driven.exact!.steps, tUs));
  expect(each.length).toBeGreaterThan(1);
});

test('without links the server log counts them, without both nobody does', () => {
  const evidence = makeEvidence();
  const only = (...kinds: readonly string[]): ServiceFacts =>
    runFacts({ ...evidence, events: evidence.events.filter(({ kind }) => !kinds.includes(kind)) }).driven;
  expect(only('link').exact?.source).toBe('log');
  expect(only('link').exact?.steps.some(({ count }) => count === 16)).toBe(true);
  expect(only('link', 'log').exact).toBeNull();
});
