/** Three decimals: beyond that a number of a run is noise. */
export function round(value: number): number {
  return Number(value.toFixed(3));
}

/** The same for a value that may be missing. */
export function roundOrNull(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : round(value);
}
