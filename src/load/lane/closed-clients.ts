import { hashString, randomAt } from '../../base/random.ts';
import { thinkTimeMs } from '../../plan/think-time.ts';
import type { Think } from '../../scenario/traffic/traffic.ts';

/** A phase in the closed model, on the run clock. */
export interface ClosedPhase {
  /** Index into the plan's phases. */
  readonly phase: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly clients: number;
  readonly think: Think;
}

/** What the clients of closed phases do through the lane they are on. */
export interface ClosedActions {
  /** Makes a call that is meant for now; `onFinal` is told when it is over, and whether it was ever sent. */
  call(phase: number, client: number, intendedUs: number, onFinal: (wasSent: boolean) => void): void;
  /** Does something at a time. */
  at(us: number, act: () => void): void;
  nowUs(): number;
}

/** What was dropped is not asked again at once: the harness itself turned it away, and would again. */
const droppedPauseUs = 10_000;

/**
 * Clients that wait for their answer, think, and ask again: the service sets its own load, and the rate is not
 * controlled. Each begins with a think time, so that they are not in step unless they never think at all.
 */
export function startClosedClients(
  { phase, startUs, endUs, clients, think }: ClosedPhase,
  { lane, lanes }: { readonly lane: number; readonly lanes: number },
  seed: number,
  actions: ClosedActions,
): void {
  const key = hashString(`${seed}/think/${phase}`);
  for (let client = lane; client < clients; client += lanes) {
    let turn = 0;
    const thinkUs = (): number => {
      turn += 1;
      return 1000 * thinkTimeMs(think, randomAt(key, client, 2 * turn), randomAt(key, client, 2 * turn + 1));
    };
    const ask = (atUs: number): void => {
      if (atUs < endUs) actions.call(phase, client, atUs, goOn);
    };
    const goOn = (wasSent: boolean): void => {
      const pauseUs = Math.max(thinkUs(), wasSent ? 0 : droppedPauseUs);
      const nextUs = actions.nowUs() + pauseUs;
      if (pauseUs === 0) ask(nextUs);
      else if (nextUs < endUs) actions.at(nextUs, () => ask(nextUs));
    };
    const firstUs = startUs + thinkUs();
    actions.at(firstUs, () => ask(firstUs));
  }
}
