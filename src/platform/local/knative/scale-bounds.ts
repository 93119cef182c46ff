/** What bounds a scale. A maximum of 0 is none. */
export interface ScaleBounds {
  readonly minScale: number;
  readonly maxScale: number;
  readonly initialScale: number;
}

/** The least that the revision has: nothing when nobody can reach it; its initial scale until that was there once. */
export function leastScale(bounds: ScaleBounds, reachable: boolean, hasBegun: boolean): number {
  if (!reachable) return 0;
  return hasBegun || bounds.initialScale <= 1
    ? bounds.minScale
    : Math.max(bounds.minScale, bounds.initialScale);
}

/** Within least and most; a most of 0 is none. */
export function boundScale(scale: number, least: number, most: number): number {
  if (scale < least) return least;
  return most !== 0 && scale > most ? most : scale;
}
