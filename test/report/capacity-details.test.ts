import { expect, test } from 'vitest';
import type { CapacityEvent } from '../../src/evidence/event.ts';
import { capacityDetails } from '../../src/report/html/sections/capacity-details.ts';
import { reproduce } from '../../src/report/html/sections/reproduce.ts';
import { makeView } from '../../src/report/html/view.ts';
import { judge } from '../../src/verdict/judge.ts';
import { makeEvidence } from '../verdict/support/evidence-builder.ts';

const evidence = makeEvidence();
const summary = judge(evidence);

const event: CapacityEvent = {
  t_us: 1e6,
  kind: 'capacity',
  when: 'before',
  goodput_per_sec: 77.7,
  low_per_sec: 76.8,
  high_per_sec: 78.2,
  steps: [
    {
      rate_per_sec: 62.5,
      goodput_per_sec: 63.2,
      low_per_sec: 60.5,
      high_per_sec: 66.2,
      failed: 0,
      seconds: 10,
    },
    {
      rate_per_sec: 97.65625,
      goodput_per_sec: 77.7,
      low_per_sec: 76.8,
      high_per_sec: 78.2,
      failed: 0.193,
      seconds: 10,
    },
  ],
  reason: '19.3 % failed at 97.7/s, more than 5 %',
};

function sectionOf(events: readonly CapacityEvent[]): string | undefined {
  const told = { ...evidence, events: [...evidence.events, ...events] };
  return capacityDetails(makeView(told, summary))
    ?.text.replaceAll(/<[^>]*>|\s+/g, ' ')
    .replaceAll(/ +/g, ' ');
}

test('a capacity is shown with its steps and why there was no further one', () => {
  const section = sectionOf([event, { ...event, when: 'after', goodput_per_sec: 70 }]);
  expect(section).toContain('77.7/s before the phases; 70/s after the phases');
  expect(section).toMatch(/97.7\/s 77.7\/s . 76.8\/s to 78.2\/s 19.3 %/);
  expect(section).toContain('It ended before the phases because of this: 19.3 % failed at 97.7/s');
});

test('nothing is shown where nothing was measured', () => {
  expect(sectionOf([])).toBeUndefined();
});

test('a schedule on a measured capacity says that another measurement makes another one', () => {
  const textOf = (by: 'measured' | 'fleet') => {
    const run = { ...evidence.run, capacity: { per_sec: 77.7, by } };
    return reproduce(makeView({ ...evidence, run }, summary)).text;
  };
  expect(textOf('measured')).toContain('a capacity that was measured first, 77.7/s');
  expect(textOf('fleet')).not.toContain('a capacity that was measured');
});
