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

test('an instance takes no more than its concurrency; at 0 it takes whatever comes', () => {
  for (const [concurrency, taken] of [
    [3, 3],
    [0, 1000],
  ] as const) {
    const admission = admissionOf(concurrency);
    admission.add(candidate());
    for (let sent = 0; sent < 1000; sent += 1) admission.admit();
    expect(admission.inFlight).toBe(taken);
  }
});

test('in turn, each instance takes one after the other, and full ones are passed over', () => {
  const admission = new Admission(2, makeRandom(7, 'test'), 'round_robin');
  const [one, two, three] = [candidate(), candidate(), candidate()];
  for (const each of [one, two, three]) admission.add(each);
  two.inFlight = 1;
  const order = Array.from({ length: 6 }, () => admission.admit());
  expect(order).toEqual([two, three, one, three, one, null]);
});

test('first available fills one instance before the next is used', () => {
  const admission = new Admission(2, makeRandom(7, 'test'), 'first_available');
  const [one, two] = [candidate(), candidate()];
  admission.add(one);
  admission.add(two);
  const order = Array.from({ length: 5 }, () => admission.admit());
  expect(order.map((taken) => (taken === null ? null : [one, two].indexOf(taken)))).toEqual([
    0,
    0,
    1,
    1,
    null,
  ]);
});

test('of two with room, the less loaded takes the request; when both drawn are full, whoever has room', () => {
  const draws = [0, 0.99, 0.99, 0, 0, 0];
  const admission = new Admission(5, () => draws.shift() ?? 0);
  const candidates = [candidate(), candidate(), candidate()];
  for (const each of candidates) admission.add(each);
  [5, 3, 2].forEach((inFlight, index) => (candidates[index]!.inFlight = inFlight));
  const indexOf = (taken: Candidate | null): number => candidates.findIndex((each) => each === taken);
  // The first and the last are drawn, twice; then twice the first, which is full: the second is left with the fewest.
  expect([admission.admit(), admission.admit()].map(indexOf)).toEqual([2, 2]);
  expect(indexOf(admission.admit())).toBe(1);
});

test('one that joins the minimum is filled first from then on, and keeps what it has', () => {
  const admission = admissionOf(3);
  const [one, two] = [candidate(), candidate()];
  admission.add(one);
  admission.add(two);
  admission.prefer(two, true);
  admission.prefer(two, true);
  const taken = [admission.admit(), admission.admit(), admission.admit(), admission.admit()];
  expect(taken.map((each) => each === two)).toEqual([true, true, true, false]);
  admission.prefer(two, false);
  admission.release(one);
  expect(admission.inFlight).toBe(3);
  expect([admission.admit(), admission.admit(), admission.admit(), admission.admit()]).toEqual([
    one,
    one,
    one,
    null,
  ]);
});

test('one that takes no requests does not take any by joining the minimum', () => {
  const admission = admissionOf(3);
  const aside = candidate();
  admission.prefer(aside, true);
  expect(aside.preferred).toBe(true);
  expect(admission.admit()).toBeNull();
  admission.add(aside);
  expect(admission.admit()).toBe(aside);
});

test('taking an instance away says whether it took requests, and leaves all others', () => {
  const admission = admissionOf(1);
  const [one, two, three] = [candidate(), candidate(), candidate()];
  admission.add(one);
  admission.add(two);
  expect(admission.remove(three)).toBe(false);
  expect(admission.remove(one)).toBe(true);
  expect(admission.remove(one)).toBe(false);
  expect([admission.admit(), admission.admit()]).toEqual([two, null]);
});

test('clearing takes everyone out, once', () => {
  const admission = admissionOf(1);
  expect(admission.clear()).toEqual([]);
  for (const deadlineUs of [3, 1, 2]) admission.enqueue(waiting(deadlineUs));
  admission.add(candidate());
  admission.next();
  expect(admission.clear()).toEqual([waiting(1), waiting(2)]);
  expect(admission.queued).toBe(0);
  expect(admission.clear()).toEqual([]);
});

test('who has been served is not taken out again when its time is over', () => {
  const admission = admissionOf(2);
  for (const deadlineUs of [10, 20, 30]) admission.enqueue(waiting(deadlineUs));
  admission.add(candidate());
  admission.next();
  expect(admission.expire(20)).toEqual([waiting(20)]);
  expect(admission.queued).toBe(1);
  expect(admission.next()?.waiting).toEqual(waiting(30));
});
