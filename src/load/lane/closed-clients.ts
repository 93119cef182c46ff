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

/** How closed clients act through their lane. */
export interface ClosedActions {
  /** Sends a request at once; `onFinal` is called when it is over, with whether it was ever sent. */
  send(phase: number, client: number, intendedUs: number, onFinal: (wasSent: boolean) => void): void;
  /** Runs something at a later time. */
  at(us: number, act: () => void): void;
  nowUs(): number;
}

/** A client whose request was dropped waits at least this long: asked again at once, it would be dropped again. */
const droppedPauseUs = 10_000;

/**
 * Clients that wait for their answer, think, and ask again: the rate is up to the service. Each one starts with a
 * think time, so that they are not in step unless they never think at all.
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
      if (atUs < endUs) actions.send(phase, client, atUs, goOn);
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
