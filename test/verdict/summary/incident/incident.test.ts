import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../../src/evidence/evidence.ts';
import { judge } from '../../../../src/verdict/judge.ts';
import type { Summary } from '../../../../src/verdict/summary/summary.ts';
import { badStory, goodStory, makeEvidence } from '../../support/evidence-builder.ts';
import { planted } from '../../support/planted.ts';
import { tightRolloutStory } from '../../support/stories.ts';

type Incident = NonNullable<Summary['incident']>;

function incidentOf(evidence: Evidence): Incident {
  const { incident } = judge(evidence);
  if (incident === null) throw new Error('nobody was refused');
  return incident;
}

const answers = ({ questions }: Incident): readonly string[] => questions.map(({ answer }) => answer);

/**
 * Incidents that were told in public, with their numbers: `each` sessions that one instance may open (pool x processes x
 * pools), `instances` of them, on a server of `max`.
 */
const told = [
  { id: 'hushh-5872', max: 100, instances: 3, each: 36 },
  { id: 'hushh-4736', max: 100, instances: 5, each: 32 },
  { id: 'sidewalk-5238', max: 200, instances: 55, each: 25 },
  { id: 'createmod-1482', max: 200, instances: 6, each: 50 },
  { id: 'simplereport-3136', max: 480, instances: 10, each: 50 },
  { id: 'orca-21165', max: 200, instances: 21, each: 10 },
  { id: 'flashcards-1635', max: 112, instances: 110, each: 10 },
  { id: 'mdn-386', max: 100, instances: 5, each: 20 },
  { id: 'builderio-4440', max: 300, instances: 5, each: 60 },
] as const;

function retold({ max, instances, each }: (typeof told)[number]): Evidence {
  const evidence = makeEvidence(
    {
      maxInstances: instances,
      poolMax: each,
      instancesAt: (ms) => (ms < 15_000 ? 1 : Math.min(instances, 1 + Math.floor((ms - 15_000) / 50))),
      sessionsAt: (ms) =>
        ms < 15_000 ? Math.min(4, each) : Math.min(max - 3, Math.floor((ms - 15_000) / 10)),
    },
    badStory,
  );
  return { ...evidence, run: { ...evidence.run, limits: { ...evidence.run.limits, maxConnections: max } } };
}

describe.each(told)('$id: $instances x $each sessions on a server of $max', (one) => {
  const summary = judge(retold(one));
  const { incident, diagnosis } = summary;

  test('is width first, and no bigger server', () => {
    expect(diagnosis[0]?.id).toBe('D02');
    expect(diagnosis[0]?.lever).toMatch(/lower max instances/);
    expect(incident?.questions[1]).toMatchObject({ answer: 'yes', ids: ['D02'] });
  });

  test('sums up what each change would make of the claim', () => {
    const claim = one.instances * one.each;
    expect(summary.budget).toMatchObject({ claim, fits: false });
    const changes = incident?.what_if ?? [];
    expect(changes.at(-1)).toMatchObject({
      id: '',
      claim,
      change: expect.stringContaining('buys time') as string,
    });
    expect(changes.filter(({ change }) => change.includes('max_connections'))).toHaveLength(1);
    const narrowed = changes.find(({ change }) => change.startsWith('max instances'));
    expect(narrowed?.fits).toBe((narrowed?.planned ?? Infinity) <= one.max - 3);
  });
});

describe('the incident page', () => {
  test('is none where nobody was refused', () => {
    expect(judge(makeEvidence({}, goodStory)).incident).toBeNull();
  });

  test('tells what led there and what came of it, in order', () => {
    const { timeline, t_us: firstUs } = incidentOf(makeEvidence({}, badStory));
    expect(timeline.map(({ t_us }) => t_us)).toEqual(
      timeline.map(({ t_us }) => t_us).toSorted((a, b) => a - b),
    );
    const at = (word: RegExp): number => timeline.findIndex(({ what }) => word.test(what));
    expect(at(/burst begins/)).toBeLessThan(at(/more than the 67 that the headroom leaves/));
    expect(at(/headroom leaves/)).toBeLessThan(at(/refuses the first connection/));
    expect(timeline[at(/refuses the first/)]?.t_us).toBe(firstUs);
    expect(at(/the last refusal/)).toBeGreaterThan(at(/the first caller is told/));
  });

  test('says who held the sessions, by state and age', () => {
    const { holders } = incidentOf(makeEvidence({}, badStory));
    expect(holders?.rows).toEqual([
      { who: 'api', state: 'idle in transaction', count: 97, oldest_ms: expect.any(Number) as number },
    ]);
  });

  test('asks seven questions, and answers those that evidence answers', () => {
    const wide = incidentOf(makeEvidence({}, badStory));
    expect(wide.questions).toHaveLength(7);
    expect(answers(wide)).toEqual(['yes', 'yes', 'yes', 'unknown', 'no', 'no', 'no']);
    expect(incidentOf(makeEvidence({}, tightRolloutStory)).questions[5]).toMatchObject({
      answer: 'yes',
      ids: ['D14'],
    });
  });

  test.each([
    ['D07', 3],
    ['D15', 4],
    ['D19', 4],
    ['D20', 2],
    ['D09', 6],
  ])('%s answers its question', (id, index) => {
    const story = planted.find((one) => one.id === id)!;
    const question = incidentOf(story.evidence()).questions[index];
    expect(question).toMatchObject({ answer: 'yes', ids: expect.arrayContaining([id]) as string[] });
  });

  test('says that it is not us where a neighbour took the slots', () => {
    const evidence = makeEvidence({
      othersAt: (ms) => (ms > 17_000 && ms < 20_000 ? 80 : 0),
      refusedAt: [17_300],
    });
    expect(incidentOf(evidence).questions[0]).toMatchObject({ answer: 'no', ids: ['D23'] });
  });
});
