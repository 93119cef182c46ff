import { arrivalsOf, momentIn, type RatePiece } from './rate-piece.ts';

/** A rate over a phase, in linear pieces; empty where nothing follows a rate. */
export type RateCurve = readonly RatePiece[];

/** One rate throughout. */
export function flat(ratePerSec: number, durationUs: number): RateCurve {
  return [{ fromPerSec: ratePerSec, toPerSec: ratePerSec, durationUs }];
}

/** The expected arrivals under the whole curve. */
export function arrivalsUnder(curve: RateCurve): number {
  return curve.reduce((sum, piece) => sum + arrivalsOf(piece), 0);
}

/** The curve's length in whole microseconds. */
export function lengthUs(curve: RateCurve): number {
  return Math.round(curve.reduce((sum, { durationUs }) => sum + durationUs, 0));
}

/** The highest rate of the curve, arrivals per second. */
export function peakOf(curve: RateCurve): number {
  return curve.reduce((peak, { fromPerSec, toPerSec }) => Math.max(peak, fromPerSec, toPerSec), 0);
}

/**
 * The inverse of the curve's integral: whole microseconds from its start, all before its end. Must be called with
 * ascending numbers of arrivals, all less than the curve's total; it then passes over the pieces once.
 */
export function momentsUnder(curve: RateCurve): (arrivals: number) => number {
  const lastUs = lengthUs(curve) - 1;
  let index = 0;
  let before = 0;
  let startUs = 0;
  return (arrivals) => {
    let piece = curve[index];
    while (piece !== undefined && index < curve.length - 1 && arrivals >= before + arrivalsOf(piece)) {
      before += arrivalsOf(piece);
      startUs += piece.durationUs;
      piece = curve[(index += 1)];
    }
    const moment = piece === undefined ? 0 : momentIn(piece, arrivals - before);
    return Math.min(Math.floor(startUs + moment), lastUs);
  };
}
