/** How an attempt is named in a witness: by its arrival, and by its number where it was a retry. */
export function attemptWords({
  arrival,
  attempt,
}: {
  readonly arrival: number;
  readonly attempt: number;
}): string {
  return attempt > 1 ? `arrival ${arrival}, attempt ${attempt}` : `arrival ${arrival}`;
}

/** A confidence in percent, rounded down and never 100: no number of observations makes it certain. */
export function confidenceWords(confidence: number): string {
  return `${Math.min(999, Math.floor(1000 * confidence)) / 10} %`;
}

/** The first in time; of several at once, the first in the list. Null where there is none. */
export function earliest<One>(all: readonly One[], timeOf: (one: One) => number): One | null {
  let first: One | null = null;
  for (const one of all) if (first === null || timeOf(one) < timeOf(first)) first = one;
  return first;
}
