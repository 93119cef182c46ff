import { expect, test } from 'vitest';
import { makeRandom } from '../../src/base/random.ts';
import { Admission, type Candidate } from '../../src/platform/local/fleet/admission.ts';

const candidate = (preferred = false): Candidate => ({ inFlight: 0, preferred });
const waiting = (deadlineUs: number): { readonly deadlineUs: number } => ({ deadlineUs });
const admissionOf = (concurrency: number) => new Admission(concurrency, makeRandom(7, 'test'));

test('one of the minimum is filled before any other is used', () => {
  const admission = admissionOf(2);
  const [kept, extra] = [candidate(true), candidate()];
  admission.add(extra);
  admission.add(kept);
  expect([admission.admit(), admission.admit(), admission.admit()]).toEqual([kept, kept, extra]);
});

test('load is spread: the busiest of ten is never far above the average', () => {
  const admission = admissionOf(1000);
  const candidates = Array.from({ length: 10 }, () => candidate());
  for (const one of candidates) admission.add(one);
  for (let sent = 0; sent < 1000; sent += 1) admission.admit();
  expect(Math.max(...candidates.map(({ inFlight }) => inFlight))).toBeLessThan(110);
});

test('nobody overtakes those who wait', () => {
  const admission = admissionOf(1);
  admission.add(candidate());
  const taken = admission.admit();
  admission.enqueue(waiting(10));
  if (taken !== null) admission.release(taken);
  expect(admission.admit()).toBeNull();
  expect(admission.next()?.waiting).toEqual(waiting(10));
});

test('only those whose time is over leave the queue, the others keep their order', () => {
  const admission = admissionOf(1);
  for (const deadlineUs of [30, 10, 20]) admission.enqueue(waiting(deadlineUs));
  expect(admission.expire(15)).toEqual([waiting(10)]);
  admission.add(candidate());
  expect(admission.next()?.waiting).toEqual(waiting(30));
});

test('a long queue is served to its end, in order', () => {
  const admission = admissionOf(10_000);
  for (let index = 0; index < 5000; index += 1) admission.enqueue(waiting(index));
  admission.add(candidate());
  const served: number[] = [];
  for (let next = admission.next(); next !== null; next = admission.next())
    served.push(next.waiting.deadlineUs);
  expect(served).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  expect(admission.queued).toBe(0);
});

test('a candidate that was taken away gets nothing more, and gives its places back as usual', () => {
  const admission = admissionOf(2);
  const gone = candidate();
  admission.add(gone);
  admission.admit();
  admission.remove(gone);
  expect(admission.admit()).toBeNull();
  admission.release(gone);
  expect(admission.inFlight).toBe(0);
});
