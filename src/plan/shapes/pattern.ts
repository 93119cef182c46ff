import type { ArrivalProcess, LoadShape } from '../../scenario/traffic/traffic.ts';
import type { RateCurve } from '../rate-curve.ts';
import type { RandomStreams } from '../random-streams.ts';

/** The load that a shape stands for in its phase. */
export interface Pattern {
  /** For tables: `200/s`, `300 requests within 1 s`. */
  readonly words: string;
  /** The rate that the phase's arrival process follows; empty where none does. */
  readonly curve: RateCurve;
  /** Arrivals at moments of the shape's own, on top of that rate. */
  readonly extraArrivals?: ExtraArrivals;
}

/** Microseconds from the phase's start: whole, ascending, all before its end. */
export type ExtraArrivals = (process: ArrivalProcess, streams: RandomStreams) => readonly number[];

/** The shape of one kind. */
export type ShapeOf<K extends LoadShape['kind']> = Extract<LoadShape, { readonly kind: K }>;
