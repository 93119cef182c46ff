import { expect, test } from 'vitest';
import type { DrainEvent, RunEvent } from '../../src/evidence/event.ts';
import { watchDetails } from '../../src/report/html/sections/watch-details.ts';
import { makeView } from '../../src/report/html/view.ts';
import { judge } from '../../src/verdict/judge.ts';
import { makeEvidence } from '../verdict/support/evidence-builder.ts';

function sectionOf(events: readonly RunEvent[]): string | null {
  const evidence = makeEvidence();
  const told = { ...evidence, events: [...evidence.events, ...events] };
  return watchDetails(makeView(told, judge(evidence)))?.text ?? null;
}

const drain: DrainEvent = { t_us: 61e6, kind: 'drain', from_us: 60e6, looks: 20, working: 0, left: [] };
const session = {
  pid: 7,
  service: 'api',
  role: 'api',
  application_name: 'i1 <b>',
  state: 'active',
  first_us: 60e6,
  last_us: 60.8e6,
  xact_ms: 4200,
  state_ms: 900,
  arrival: 17,
};

test('an older recording, which knows nothing of this, has no such section', () => {
  expect(sectionOf([])).toBeNull();
});

test('what worked on after load is shown with its request, and text from outside stays text', () => {
  const section = sectionOf([{ ...drain, left: [session] }]);
  expect(section).toContain('The last work in the database ended within 1 s');
  expect(section).toContain('arrival 17');
  expect(section).toContain('i1 &lt;b&gt;');
  expect(sectionOf([{ ...drain, working: 2, left: [session] }])).toContain('2 sessions still worked');
  expect(sectionOf([drain])).toContain('Nothing worked in the database');
  expect(sectionOf([{ ...drain, working: null }])).toContain('Nobody could look');
});

test('lock waits name the session at their root', () => {
  const wait = {
    pid: 1,
    role: 'api',
    application_name: 'second',
    wait: 'relation',
    waited_ms: 1200,
    blocker_pid: 2,
    blocker_role: 'reporting',
    blocker_application_name: 'nightly',
    blocker_state: 'idle in transaction',
    blocker_xact_ms: 9000,
  };
  const section = sectionOf([{ t_us: 5e6, kind: 'lock', waiting: 9, waits: [wait] }]);
  expect(section).toMatch(/9 sessions waited at worst[\s\S]*reporting nightly/);
});

test('the cost of sampling is a share of one core, and says when a part of it is not known', () => {
  const cost = {
    t_us: 70e6,
    kind: 'sampler',
    samples: 1400,
    failed: 0,
    longest_gap_us: 90_000,
    rtt_p50_us: 900,
    rtt_p99_us: 3000,
    client_us: 500,
    server_us: 500,
  } as const;
  expect(sectionOf([cost])).toMatch(/>0.5 % of one core at 5\/s/);
  expect(sectionOf([{ ...cost, server_us: null }])).toContain('at least 0.25 % of one core');
});
