import { expect, test } from 'vitest';
import type { FaultEvent } from '../../../../src/evidence/event.ts';
import { outagesIn, timesAwayIn } from '../../../../src/verdict/facts/platform/outages.ts';
import { judge } from '../../../../src/verdict/judge.ts';
import { makeEvidence } from '../../support/evidence-builder.ts';

const { run } = makeEvidence();
const loadStartUs = run.load_start_us ?? 0;

function told(fault: string, state: FaultEvent['state'], atMs: number): FaultEvent {
  const t_us = loadStartUs + 1000 * atMs;
  return { t_us, kind: 'fault', id: `1-${fault}`, fault, service: 'api', state, detail: '' };
}

function outagesOf(fault: string, forMs: number | null, events: readonly FaultEvent[]) {
  const step = { id: `1-${fault}`, at_us: 5_000_000, service: 'api', fault: { kind: fault } };
  const chaos = [{ ...step, for_us: forMs === null ? null : 1000 * forMs }];
  return outagesIn({ events, run: { ...run, chaos } }, 1_000_000).map(({ fromUs, toUs }) => [
    (fromUs - loadStartUs) / 1000,
    (toUs - loadStartUs) / 1000,
  ]);
}

const restarted = [told('db.restart', 'started', 5000), told('db.restart', 'confirmed', 5600)];

test('a restart is an outage from its beginning until it was seen, and an acquire timeout more', () => {
  expect(outagesOf('db.restart', null, restarted)).toEqual([[5000, 6600]]);
});

test('a restart that nothing confirmed excuses nothing', () => {
  expect(outagesOf('db.restart', null, restarted.slice(0, 1))).toEqual([]);
});

test('a limit that is changed and changed back takes the server away twice', () => {
  const events = (['started', 'confirmed', 'undone'] as const).map((state, index) =>
    told('db.max_connections', state, 5000 + [0, 600, 10_700][index]!),
  );
  expect(outagesOf('db.max_connections', 10_000, events)).toEqual([
    [5000, 6600],
    [15_000, 16_700],
  ]);
});

test('no other fault excuses anything', () => {
  const events = [told('db.latency', 'started', 5000), told('db.latency', 'confirmed', 5600)];
  expect(outagesOf('db.latency', 10_000, events)).toEqual([]);
});

test("what the harness itself has lost is nobody else's failure from the last good sample on", () => {
  const evidence = makeEvidence();
  const lastGoodUs = evidence.events.findLast((event) => event.kind === 'sample' && event.ok)?.t_us ?? 0;
  const ended = { ...evidence.run.ended, how: 'failed', reason: 'postgres was lost' } as const;
  const lost = { ...evidence, run: { ...evidence.run, ended } };
  expect(timesAwayIn(evidence, 1000)).toEqual([]);
  expect(timesAwayIn(lost, 1000)).toEqual([{ fromUs: lastGoodUs, toUs: Infinity }]);
  const refused = { ok: false, connect_us: 900, query_us: null, sqlstate: null, error: 'ECONNREFUSED' };
  const events = [
    ...evidence.events,
    ...(['headroom', 'neighbor'] as const).map(
      (role) => ({ t_us: lastGoodUs + 1, kind: 'canary', role, ...refused }) as const,
    ),
  ];
  const broken = judge({ ...lost, events }).bounds.filter(({ status }) => status === 'FAIL');
  expect(broken.map(({ id }) => id)).toEqual([]);
});
