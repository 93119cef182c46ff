import { describe, expect, it } from 'vitest';
import { instancesAlive, readySteps } from '../../src/evidence/sessions/instances.ts';
import { instance } from './given.ts';

describe('instances', () => {
  const events = [
    instance(1, 'starting'),
    instance(3, 'ready'),
    instance(4, 'starting', { instance: 'i2' }),
    instance(6, 'failed', { instance: 'i2' }),
    instance(7, 'stopped', { instance: 'i2' }),
    instance(8, 'stopping'),
    instance(9, 'stopped'),
  ];

  it('are alive from starting until they have stopped or failed, each end counted once', () => {
    expect(instancesAlive(events)).toEqual([
      { tUs: 1, count: 1 },
      { tUs: 4, count: 2 },
      { tUs: 6, count: 1 },
      { tUs: 9, count: 0 },
    ]);
  });

  it('are ready until they are told to stop', () => {
    expect(readySteps(events)).toEqual([
      { tUs: 3, count: 1 },
      { tUs: 8, count: 0 },
    ]);
  });

  it('are told apart by revision, and can be counted for one', () => {
    const both = [instance(1, 'starting'), instance(2, 'starting', { revision: 'r2' })];
    expect(instancesAlive(both).at(-1)).toEqual({ tUs: 2, count: 2 });
    expect(instancesAlive(both, (event) => event.revision === 'r2')).toEqual([{ tUs: 2, count: 1 }]);
  });
});
