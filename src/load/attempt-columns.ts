import { outcomes, type Attempt } from '../evidence/attempt.ts';

/**
 * A batch of attempts as one block of numbers and the strings they point to. Moving it to another thread costs
 * nothing, where cloning as many objects would stop the lane for milliseconds.
 */
export interface EncodedAttempts {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly strings: readonly string[];
}

/** Numbers an attempt takes. */
const width = 19;

/** The batch in columns. NaN stands for null; strings are stored once and pointed to. */
export function encodeAttempts(batch: readonly Attempt[]): EncodedAttempts {
  const numbers = new Float64Array(batch.length * width);
  const places = new Map<string, number>();
  const pointTo = (text: string | null): number => {
    if (text === null) return NaN;
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  for (const [index, attempt] of batch.entries()) numbers.set(numbersOf(attempt, pointTo), index * width);
  return { numbers, strings: [...places.keys()] };
}

/** The attempts of an encoded batch. */
export function decodeAttempts({ numbers, strings }: EncodedAttempts): Attempt[] {
  const batch: Attempt[] = [];
  for (let start = 0; start < numbers.length; start += width) {
    batch.push(attemptOf(numbers.subarray(start, start + width), strings));
  }
  return batch;
}

function numbersOf(attempt: Attempt, pointTo: (text: string | null) => number): number[] {
  return [
    attempt.arrival,
    attempt.attempt,
    attempt.client,
    pointTo(attempt.route),
    pointTo(attempt.phase),
    attempt.intendedUs,
    attempt.sentUs,
    attempt.endedUs ?? NaN,
    attempt.status ?? NaN,
    outcomes.indexOf(attempt.outcome),
    pointTo(attempt.errorCode),
    pointTo(attempt.sqlstate),
    attempt.retryAfterMs ?? NaN,
    pointTo(attempt.instance),
    pointTo(attempt.revision),
    attempt.receivedUs ?? NaN,
    attempt.acquireUs ?? NaN,
    attempt.bodyValid === null ? NaN : Number(attempt.bodyValid),
    attempt.bytes,
  ];
}

function attemptOf(row: Float64Array, strings: readonly string[]): Attempt {
  const number = (column: number): number => row[column] ?? NaN;
  const orNull = (column: number): number | null => (Number.isNaN(number(column)) ? null : number(column));
  const text = (column: number): string | null => strings[number(column)] ?? null;
  return {
    arrival: number(0),
    attempt: number(1),
    client: number(2),
    route: text(3) ?? '',
    phase: text(4) ?? '',
    intendedUs: number(5),
    sentUs: number(6),
    endedUs: orNull(7),
    status: orNull(8),
    outcome: outcomes[number(9)] ?? 'unknown',
    errorCode: text(10),
    sqlstate: text(11),
    retryAfterMs: orNull(12),
    instance: text(13),
    revision: text(14),
    receivedUs: orNull(15),
    acquireUs: orNull(16),
    bodyValid: orNull(17) === null ? null : number(17) === 1,
    bytes: number(18),
  };
}
