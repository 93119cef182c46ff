import { largestScale, recordScale, type DelayWindow } from './delay-window.ts';

/** What the decision goes by. */
export interface DeciderSpec {
  /** What one instance should carry, and what it can. */
  readonly target: number;
  readonly total: number;
  /** Room to keep free for a burst: 0 none, -1 without limit. */
  readonly targetBurstCapacity: number;
  readonly panicThreshold: number;
  readonly maxScaleUpRate: number;
  readonly maxScaleDownRate: number;
  readonly stableWindowUs: number;
  readonly scaleDownDelayUs: number;
  /** The least scale that is not zero; 0 or 1: none. */
  readonly activationScale: number;
}

/** What one decision hands to the next. */
export interface DeciderState {
  /** When the panic began or was last extended; null outside of one. */
  readonly panicSinceUs: number | null;
  /** The largest scale of this panic. */
  readonly maxPanicScale: number;
  readonly delayed: DelayWindow;
}

export interface DeciderObservation {
  /** Null: the instances could not be counted. */
  readonly ready: number | null;
  /** The fleet's load, averaged over the stable and the panic window; null: no data. */
  readonly averages: { readonly stable: number; readonly panic: number } | null;
  readonly reachable: boolean;
}

export interface Desired {
  readonly scale: number;
  /** Room beyond the burst to keep free; below 0 requests go through the activator. */
  readonly excessBurstCapacity: number;
  readonly state: DeciderState;
}

/**
 * Begins in panic when there are several instances: with no history, an average would ask for fewer than serve
 * at this moment, and a panic never shrinks.
 */
export function beginDecider(nowUs: number, ready: number | null): DeciderState {
  return {
    panicSinceUs: (ready ?? 0) > 1 ? nowUs : null,
    maxPanicScale: ready ?? 0,
    delayed: [],
  };
}

/** How many instances the load asks for. Null: it can't be told, the previous scale stays. */
export function decideDesired(
  nowUs: number,
  seen: DeciderObservation,
  spec: DeciderSpec,
  state: DeciderState,
): Desired | null {
  const { ready, averages, reachable } = seen;
  if (ready === null || averages === null) return null;
  const counted = Math.max(1, ready);
  const byStable = Math.ceil(averages.stable / spec.target);
  const byPanic = Math.ceil(averages.panic / spec.target);
  const isOver = byPanic / counted >= spec.panicThreshold;
  const panic = panicAfter(nowUs, isOver, spec, state);
  const stableScale = limitRate(byStable, counted, reachable, spec);
  const panicScale = limitRate(byPanic, counted, reachable, spec);
  const maxPanicScale =
    panic.sinceUs === null ? panic.maxScale : Math.max(panic.maxScale, stableScale, panicScale);
  const wanted = panic.sinceUs === null ? stableScale : maxPanicScale;
  const isDelayed = reachable && spec.scaleDownDelayUs > 0;
  const delayed = isDelayed
    ? recordScale(state.delayed, nowUs, wanted, spec.scaleDownDelayUs)
    : state.delayed;
  return {
    scale: isDelayed ? (largestScale(delayed) ?? wanted) : wanted,
    excessBurstCapacity: excessOf(ready, averages.panic, spec),
    state: { panicSinceUs: panic.sinceUs, maxPanicScale, delayed },
  };
}

/**
 * A panic begins, or is extended, while the panic window asks for threshold x the ready instances; it ends when
 * a whole stable window has passed without that, strictly.
 */
function panicAfter(
  nowUs: number,
  isOver: boolean,
  spec: DeciderSpec,
  { panicSinceUs, maxPanicScale }: DeciderState,
): { readonly sinceUs: number | null; readonly maxScale: number } {
  if (isOver) return { sinceUs: nowUs, maxScale: maxPanicScale };
  const isOverAtLast = panicSinceUs !== null && panicSinceUs + spec.stableWindowUs < nowUs;
  return isOverAtLast ? { sinceUs: null, maxScale: 0 } : { sinceUs: panicSinceUs, maxScale: maxPanicScale };
}

/**
 * Within [floor(ready / down rate), ceil(ready x up rate)]: rounded outwards, so that a small rate never holds
 * the fleet where it is. One that nobody can reach may shrink at once. The activation scale goes beyond both.
 */
function limitRate(scale: number, ready: number, reachable: boolean, spec: DeciderSpec): number {
  const most = Math.ceil(spec.maxScaleUpRate * ready);
  const least = reachable ? Math.floor(ready / spec.maxScaleDownRate) : 0;
  const limited = Math.min(Math.max(scale, least), most);
  return spec.activationScale > 1 && scale > 0 ? Math.max(limited, spec.activationScale) : limited;
}

/** ready x total - the burst to keep room for - what is there. Of the panic window, the one that is up to date. */
function excessOf(ready: number, load: number, { total, targetBurstCapacity }: DeciderSpec): number {
  if (targetBurstCapacity === 0) return 0;
  if (targetBurstCapacity < 0) return -1;
  return Math.floor(ready * total - targetBurstCapacity - load);
}
