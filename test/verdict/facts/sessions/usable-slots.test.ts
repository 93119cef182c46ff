import { expect, test } from 'vitest';
import type { SettingsEvent } from '../../../../src/evidence/event.ts';
import { usableSlots } from '../../../../src/verdict/facts/sessions/usable-slots.ts';
import { makeEvidence } from '../../support/evidence-builder.ts';

const reading = (tUs: number, maxConnections: number, startedUs: number | null): SettingsEvent => ({
  t_us: tUs,
  kind: 'settings',
  ok: true,
  server_started_us: startedUs,
  settings: { max_connections: String(maxConnections), superuser_reserved_connections: '3' },
  roles: {},
});

test('what limits sessions holds from the start of the server that it was read of', () => {
  const { run, events } = makeEvidence();
  const readings = [
    reading(1_000_000, 100, 500_000),
    // Read a second after a restart with another limit, and again when that was undone.
    reading(31_000_000, 60, 30_000_000),
    reading(52_000_000, 100, 51_000_000),
  ];
  const usableAt = usableSlots({ run, events: [...events, ...readings] });
  expect([0, 29_999_999, 30_000_000, 50_999_999, 51_000_000].map(usableAt)).toEqual([97, 97, 57, 57, 97]);
});

test('a reading that does not know when the server began holds from when it was made', () => {
  const { run, events } = makeEvidence();
  const usableAt = usableSlots({ run, events: [...events, reading(31_000_000, 60, null)] });
  expect([30_999_999, 31_000_000].map(usableAt)).toEqual([97, 57]);
});

test('where nobody read them, the limits of the start count', () => {
  expect(usableSlots(makeEvidence())(10_000_000)).toBe(97);
});
