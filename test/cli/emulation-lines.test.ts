import { expect, test } from 'vitest';
import { makeEmulationBoard } from '../../src/cli/emulate/emulation-board.ts';
import { emulationLines } from '../../src/cli/emulate/emulation-lines.ts';
import type { RevisionStatus } from '../../src/platform/platform.ts';

const revision = (name: string, change: Partial<RevisionStatus> = {}): RevisionStatus => ({
  name,
  state: 'ready',
  minInstances: 0,
  maxInstances: 100,
  instances: { starting: 12, ready: 88, stopping: 3 },
  inFlight: 4321,
  queued: 1234,
  ...change,
});

const gone = { starting: 0, ready: 0, stopping: 0 };

function linesAt(width: number, revisions: readonly RevisionStatus[]): readonly string[] {
  const board = makeEmulationBoard();
  board.status({
    services: [
      {
        name: 'api',
        url: 'http://127.0.0.1:40123',
        latestReady: 'api-00002-abc',
        traffic: [{ revision: 'api-00002-abc', percent: 100, tag: null }],
        revisions,
        links: [],
      },
    ],
  });
  return emulationLines(board.view(), { color: false, width });
}

test.each([60, 80, 100, 140])('the table fits %i columns and keeps what a narrow one needs', (width) => {
  const long = `${'a-very-long-name-of-a-service'.repeat(2)}-00001-xyz`;
  const lines = linesAt(width, [revision('api-00002-abc'), revision(long)]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  for (const head of ['revision', 'ready', 'in flight', 'queued', 'sessions'])
    expect(lines[1]).toContain(head);
  expect(lines.join('\n')).toContain('-00001-xyz');
});

test('with room enough every column is there', () => {
  const lines = linesAt(120, [revision('api-00002-abc')]);
  expect(lines[1]?.trim().split(/ {2,}/)).toEqual(
    'revision,traffic,ready,starting,stopping,max,in flight,queued,sessions,peak,refused'.split(','),
  );
  expect(lines[2]?.trim().split(/ {2,}/)).toEqual(
    'api-00002-abc,100 %,88,12,3,100,4321,1234,0,0,0'.split(','),
  );
});

test('a retired revision without instances is left out, one that still has some is not', () => {
  const lines = linesAt(120, [
    revision('api-00002-abc'),
    revision('api-00001-abc', { state: 'retired' }),
    revision('api-00000-abc', { state: 'retired', instances: gone, queued: 0 }),
  ]).join('\n');
  expect(lines).toMatch(/api-00001-abc +retired/);
  expect(lines).not.toContain('api-00000-abc');
});
