/** A rate that changes linearly from one value to another; equal values mean a constant rate. */
export interface RatePiece {
  readonly fromPerSec: number;
  readonly toPerSec: number;
  readonly durationUs: number;
}

/** The expected arrivals of a piece: the integral of its rate, duration x (from + to) / 2. */
export function arrivalsOf(piece: RatePiece): number {
  return ((piece.fromPerSec + piece.toPerSec) / 2) * (piece.durationUs / 1e6);
}

/**
 * The moment, in microseconds from the piece's start, by which `arrivals` have been due: the inverse of the
 * integral of the rate. With slope s = (to - from) / T the integral is L(t) = from t + s t^2 / 2, and
 *
 *     t = 2 L / (from + sqrt(from^2 + 2 s L))
 *
 * the form of the quadratic's root that neither divides by the slope nor cancels when it is small.
 */
export function momentIn(piece: RatePiece, arrivals: number): number {
  if (arrivals <= 0) return 0;
  const slope = (piece.toPerSec - piece.fromPerSec) / (piece.durationUs / 1e6);
  // Squared by multiplication: the last bit of a power differs between versions of V8.
  const root = Math.sqrt(Math.max(0, piece.fromPerSec * piece.fromPerSec + 2 * slope * arrivals));
  return ((2 * arrivals) / (piece.fromPerSec + root)) * 1e6;
}

/** The part of a piece between two moments, microseconds from its start, its rate times a factor. */
export function cut(piece: RatePiece, fromUs: number, toUs: number, factor: number): RatePiece {
  const rateAt = (us: number): number =>
    piece.fromPerSec === piece.toPerSec
      ? piece.fromPerSec
      : piece.fromPerSec + (piece.toPerSec - piece.fromPerSec) * (us / piece.durationUs);
  return {
    fromPerSec: rateAt(fromUs) * factor,
    toPerSec: rateAt(toUs) * factor,
    durationUs: toUs - fromUs,
  };
}
