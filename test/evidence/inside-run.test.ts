import { expect, it } from 'vitest';
import { insideRun } from '../../src/evidence/inside-run.ts';
import { attempt, backend, run, sample } from './given.ts';

const day = 24 * 3_600_000_000;

it('leaves out what has a time that is not of the run, and says how much of what', () => {
  const sound = { attempts: [attempt({})], backends: [backend({})], events: [sample(90, 3, 1)] };
  expect(insideRun(run, sound)).toEqual({ ...sound, gaps: [], losses: [] });
  const { attempts, backends, events, gaps, losses } = insideRun(run, {
    attempts: [...sound.attempts, attempt({ sentUs: 30 * day }), attempt({ intendedUs: -day })],
    backends: [...sound.backends, backend({ tUs: 30 * day })],
    events: [...sound.events, { ...sample(90, 3, 1), t_us: 1e12 }],
  });
  expect({ attempts, backends, events }).toEqual(sound);
  expect(gaps).toEqual([
    '2 of the attempts have times that are not of this run',
    '1 of the backends have times that are not of this run',
    '1 of the events have times that are not of this run',
  ]);
  expect(losses.map(({ of }) => of)).toEqual(['attempts', 'backends', 'events']);
});
