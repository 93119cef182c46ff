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
