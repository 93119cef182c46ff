import { expect, it } from 'vitest';
import { makeEventWriter } from '../../src/evidence/events/event-writer.ts';
import { sample } from './given.ts';

it('gives the recording up before a disk that does not answer fills the memory', async () => {
  const reasons: string[] = [];
  let answer = (): void => undefined;
  const written: string[] = [];
  const appendFile = (text: unknown): Promise<void> => {
    written.push(String(text));
    return new Promise((resolve) => (answer = resolve));
  };
  const writer = makeEventWriter({ appendFile }, (what, error) => reasons.push(`${what}: ${String(error)}`));
  const long = sample(1, 1, 1, { error: 'x'.repeat(1_000_000) });
  for (let count = 0; count < 80; count += 1) {
    writer.add(long);
    writer.flush();
    await Promise.resolve();
  }
  expect(reasons).toEqual(['events.ndjson: Error: the disk is too slow']);
  answer();
  await writer.settled();
  expect(written).toHaveLength(1);
});
