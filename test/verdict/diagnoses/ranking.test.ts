import { describe, expect, test } from 'vitest';
import { diagnoses } from '../../../src/verdict/diagnoses/diagnoses.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { planted } from '../support/planted.ts';
import { goodStory, makeEvidence } from '../support/evidence-builder.ts';
import { rolloutStory, sharedStory } from '../support/stories.ts';

/** Judged when first asked for: several tests look at the same judgement. */
const diagnosed = new Map<string, Summary['diagnosis']>();
function diagnosisOf({ id, what, evidence }: (typeof planted)[number]): Summary['diagnosis'] {
  const key = `${id} ${what}`;
  const found = diagnosed.get(key) ?? judge(evidence()).diagnosis;
  diagnosed.set(key, found);
  return found;
}

describe('what was planted is said first', () => {
  test.each(planted)('$id: $what', (one) => {
    const [first] = diagnosisOf(one);
    expect(`${first?.id} ${first?.confidence}`).toMatch(new RegExp(`^${one.id} (high|medium)`));
  });
});

describe('whatever was planted', () => {
  test.each(planted)('$id: never more max_connections, always numbers', (one) => {
    for (const { lever, evidence: lines, confirm, what_if: changes } of diagnosisOf(one)) {
      expect(lever).not.toMatch(/max_connections/);
      expect(lines.join(' ')).toMatch(/\d/);
      expect(lines.concat(lever, confirm).join(' ')).not.toMatch(/NaN|undefined|Infinity/);
      expect(confirm.length).toBeGreaterThan(20);
      expect(changes.length).toBeGreaterThan(0);
      const bought = changes.findIndex(({ change }) => change.includes('max_connections'));
      if (bought >= 0)
        expect([bought, changes[bought]?.change]).toEqual([
          changes.length - 1,
          expect.stringContaining('buys time'),
        ]);
    }
  });

  test.each([
    ['a good run', goodStory],
    ['a rollout that fits', rolloutStory],
    ['two services that fit', sharedStory],
  ])('%s explains nothing with confidence', (_, story) => {
    const found = judge(makeEvidence({}, story)).diagnosis;
    expect(found.filter(({ confidence }) => confidence !== 'low')).toEqual([]);
  });
});

test('every diagnosis has an id of its own, D01 to D29', () => {
  const ids = diagnoses.map(({ id }) => id).sort();
  expect(ids).toEqual(Array.from({ length: 29 }, (_, n) => `D${String(n + 1).padStart(2, '0')}`));
});

test('a lock that the scenario itself takes is nobody’s transaction to shorten', () => {
  const { evidence } = planted.find(({ id }) => id === 'D20')!;
  const given = evidence();
  const events = given.events.map((event) =>
    event.kind === 'lock'
      ? {
          ...event,
          waits: event.waits.map((wait) => ({
            ...wait,
            blocker_role: 'monitor',
            blocker_application_name: 'poolproof',
          })),
        }
      : event,
  );
  const [first] = judge({ ...given, events }).diagnosis;
  expect(first?.id).toBe('D20');
  expect(first?.lever).toMatch(/^a lock_timeout below .* this scenario takes \(db\.lock\)/);
  expect(first?.evidence.join()).not.toContain('monitor');
});
