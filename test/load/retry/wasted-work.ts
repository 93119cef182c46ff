import type { Random } from '../../../src/base/random.ts';
import {
  decideRetry,
  firstTry,
  type EndedAttempt,
  type RetryState,
} from '../../../src/load/retry/decide-retry.ts';
import { makeBudget } from '../../../src/load/retry/make-budget.ts';
import type { RetryPolicy } from '../../../src/scenario/clients/client.ts';

/*
 * The wasted-work model: a station of a few servers with an endless queue, which serves attempts although their
 * callers have left. For ten seconds its service takes four times as long; then all is as before, but for what
 * the clients do.
 */

export interface Storm {
  readonly ratePerSec: number;
  readonly policy: RetryPolicy;
  /** An attempt that has waited so long for a server is refused at no cost; null: nobody is refused. */
  readonly acquireTimeoutMs: number | null;
  readonly attemptTimeoutMs: number;
}

export interface Aftermath {
  /** From the trigger's end to the end of the last bad window of 5 s; null when it did not recover. */
  readonly recoverySec: number | null;
  /** Share of good requests, and attempts for each, over the last 30 s. */
  readonly goodLate: number;
  readonly attemptsLate: number;
}

const servers = 4;
const meanServiceUs = 40_000;
const triggerFromUs = 40e6;
const triggerToUs = 50e6;
const endUs = 140e6;
const windowUs = 5e6;

interface Request {
  readonly arrivedUs: number;
  state: RetryState;
  attempts: number;
  isGood: boolean;
}

interface Attempt {
  readonly request: Request;
  readonly sentUs: number;
  isOver: boolean;
}

/** Plays the model through, with the client's own policy and budget. */
export function weather(storm: Storm, random: Random): Aftermath {
  const heap = new Timeline();
  const requests: Request[] = [];
  const queue: Attempt[] = [];
  const budget = storm.policy.budget === null ? null : makeBudget(storm.policy.budget);
  let busy = 0;

  const exponential = (meanUs: number): number => -meanUs * Math.log(1 - random());
  const send = (request: Request, nowUs: number): void => {
    const attempt = { request, sentUs: nowUs, isOver: false };
    request.attempts += 1;
    queue.push(attempt);
    heap.add(nowUs + 1000 * storm.attemptTimeoutMs, (atUs) => end(attempt, 'timeout', null, atUs));
    if (storm.acquireTimeoutMs !== null)
      heap.add(nowUs + 1000 * storm.acquireTimeoutMs, (atUs) => refuse(attempt, atUs));
    serve(nowUs);
  };
  const serve = (nowUs: number): void => {
    while (busy < servers && queue.length > 0) {
      const attempt = queue.shift()!;
      const slower = nowUs >= triggerFromUs && nowUs < triggerToUs ? 4 : 1;
      busy += 1;
      heap.add(nowUs + exponential(meanServiceUs * slower), (atUs) => {
        busy -= 1;
        end(attempt, 'answered', 200, atUs);
        serve(atUs);
      });
    }
  };
  const refuse = (attempt: Attempt, nowUs: number): void => {
    const place = queue.indexOf(attempt);
    if (place < 0) return;
    queue.splice(place, 1);
    end(attempt, 'answered', 503, nowUs);
  };
  const end = (attempt: Attempt, how: EndedAttempt['how'], status: number | null, endedUs: number): void => {
    if (attempt.isOver) return;
    attempt.isOver = true;
    const { request } = attempt;
    const setting = { policy: storm.policy, budget, deadlineUs: Infinity, draw: random() };
    const decision = decideRetry(request.state, { how, status, retryAfterMs: null, endedUs }, setting);
    if (decision.kind === 'give_up') {
      request.isGood = decision.why === 'success';
      return;
    }
    request.state = decision.state;
    heap.add(decision.atUs, (atUs) => send(request, atUs));
  };
  const arrive = (nowUs: number): void => {
    const request = { arrivedUs: nowUs, state: firstTry(storm.policy), attempts: 0, isGood: false };
    requests.push(request);
    budget?.onRequest(nowUs);
    send(request, nowUs);
    heap.add(nowUs + exponential(1e6 / storm.ratePerSec), arrive);
  };

  heap.add(0, arrive);
  // What began before the end is given the time of all its attempts to come to its own.
  heap.playUntil(endUs + 6e6);
  return aftermathOf(requests.filter(({ arrivedUs }) => arrivedUs < endUs));
}

function aftermathOf(requests: readonly Request[]): Aftermath {
  const within = (fromUs: number, toUs: number): readonly Request[] =>
    requests.filter(({ arrivedUs }) => arrivedUs >= fromUs && arrivedUs < toUs);
  const good = (some: readonly Request[]): number => some.filter(({ isGood }) => isGood).length / some.length;
  const late = within(endUs - 30e6, endUs);
  let badUntilUs = triggerToUs;
  for (let fromUs = triggerToUs; fromUs < endUs; fromUs += windowUs)
    if (good(within(fromUs, fromUs + windowUs)) < 0.95) badUntilUs = fromUs + windowUs;
  return {
    recoverySec: badUntilUs >= endUs ? null : (badUntilUs - triggerToUs) / 1e6,
    goodLate: good(late),
    attemptsLate: late.reduce((sum, { attempts }) => sum + attempts, 0) / late.length,
  };
}

/** What happens when, soonest first: a binary heap. */
class Timeline {
  readonly #heap: { readonly atUs: number; readonly act: (nowUs: number) => void }[] = [];

  add(atUs: number, act: (nowUs: number) => void): void {
    const heap = this.#heap;
    let place = heap.length;
    for (; place > 0 && heap[(place - 1) >> 1]!.atUs > atUs; place = (place - 1) >> 1)
      heap[place] = heap[(place - 1) >> 1]!;
    heap[place] = { atUs, act };
  }

  playUntil(endUs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.atUs < endUs; next = this.#heap[0]) {
      this.#removeFirst();
      next.act(next.atUs);
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let place = 0;
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      if (child + 1 < heap.length && heap[child + 1]!.atUs < heap[child]!.atUs) child += 1;
      if (heap[child]!.atUs >= last.atUs) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }
}
