import type { RunClock } from '../base/clock.ts';
import type { LossEvent } from '../evidence/event.ts';

/** A part of the harness that may be lost while load is sent. */
export interface Part {
  readonly of: LossEvent['of'];
  /** Whether it stands still; null when it is gone. Absent where that can't be seen. */
  readonly frozen?: () => boolean | null;
  /** Resolves when it ended by itself. Never rejects. */
  readonly lost: Promise<string>;
}

/** The parts under watch. */
export interface PartsWatch {
  /** Resolves when a part has stood still for so long that the run can't go on. Never rejects. */
  readonly stuck: Promise<string>;
  /** Records the losses that are not over yet, and ends the watch. */
  stop(): void;
}

const lookEveryMs = 100;

/** A part that stands still for longer does not count on being continued. */
const stuckMs = 10_000;

/**
 * Looks at each part several times a second and records every time in which it was gone or stood still, from the last
 * look that found it at work.
 */
export function watchParts(
  parts: readonly Part[],
  clock: Pick<RunClock, 'nowUs'>,
  onLoss: (loss: LossEvent) => void,
): PartsWatch {
  let tellStuck: (why: string) => void = () => undefined;
  const stuck = new Promise<string>((resolve) => (tellStuck = resolve));
  const looks = parts.map((part) => watchPart(part, clock, onLoss, tellStuck));
  const timer = setInterval(() => {
    for (const { look } of looks) look();
  }, lookEveryMs).unref();
  return {
    stuck,
    stop: () => {
      clearInterval(timer);
      for (const { end } of looks) end();
    },
  };
}

function watchPart(
  { of, frozen, lost }: Part,
  clock: Pick<RunClock, 'nowUs'>,
  onLoss: (loss: LossEvent) => void,
  onStuck: (why: string) => void,
): { readonly look: () => void; readonly end: () => void } {
  let seenUs = clock.nowUs();
  let loss: Pick<LossEvent, 'how' | 'detail'> | null = null;
  const end = (): void => {
    if (loss !== null) onLoss({ t_us: clock.nowUs(), kind: 'loss', of, from_us: seenUs, ...loss });
    loss = null;
  };
  const look = (): void => {
    if (loss?.how === 'gone') return;
    const isFrozen = frozen === undefined ? false : frozen();
    if (isFrozen === null) return;
    if (isFrozen) {
      loss = { how: 'frozen', detail: 'it was stopped (SIGSTOP)' };
      if (clock.nowUs() - seenUs > stuckMs * 1000)
        onStuck(`the ${of} has stood still for ${stuckMs / 1000} s`);
      return;
    }
    end();
    seenUs = clock.nowUs();
  };
  void lost.then((detail) => (loss = { how: 'gone', detail }));
  return { look, end };
}
