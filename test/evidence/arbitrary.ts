import fc from 'fast-check';
import { outcomes, type Attempt } from '../../src/evidence/attempt.ts';
import { backendSources, type BackendRow } from '../../src/evidence/dataset/backend-row.ts';
import { anyText } from '../support/any-text.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const timeUs = fc.integer({ min: -(2 ** 30), max: 2 ** 41 });
const text = fc.oneof(fc.constantFrom('api', 'read', ''), anyText());
const orNull = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { nil: null });
const double = fc.double({ noNaN: true });

/** Any attempt that fits the columns; far more than any run would make. */
export const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  arrival: int32,
  attempt: int32,
  client: int32,
  route: text,
  // A phase with a blank in its name is not one of the scenario's.
  phase: text.map((name) => name.replaceAll(' ', '_')),
  intendedUs: timeUs,
  sentUs: timeUs,
  endedUs: orNull(timeUs),
  status: orNull(int32),
  outcome: fc.constantFrom(...outcomes),
  errorCode: orNull(text),
  sqlstate: orNull(text),
  retryAfterMs: orNull(int32),
  instance: orNull(text),
  revision: orNull(text),
  receivedUs: orNull(timeUs),
  acquireUs: orNull(timeUs),
  connectUs: orNull(timeUs),
  ownUs: orNull(timeUs),
  bodyValid: orNull(fc.boolean()),
  bytes: int32,
});

export const anyBackend: fc.Arbitrary<BackendRow> = fc.record({
  tUs: timeUs,
  source: fc.constantFrom(...backendSources),
  service: orNull(text),
  revision: orNull(text),
  instance: orNull(text),
  role: orNull(text),
  applicationName: orNull(text),
  state: orNull(text),
  waitType: orNull(text),
  wait: orNull(text),
  count: int32,
  maxXactMs: orNull(double),
  maxQueryMs: orNull(double),
  maxStateMs: orNull(double),
});
