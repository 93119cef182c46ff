import { allAttempts } from '../../../evidence/all-attempts.ts';
import type { Attempt } from '../../../evidence/attempt.ts';
import type { CanaryEvent, RunEvent } from '../../../evidence/event.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import { viewOf, type RunFacts } from '../run-facts.ts';
import { setAsideOf, type SetAside } from './set-aside.ts';
import { isStolen, lateBy } from './stall-sources.ts';
import { joinSpans } from './spans.ts';
import { hiddenIn } from './hidden.ts';

/*
 * A run as it would look without the stalls:
 *
 *     corrected    whatever took time took as much less as stalls took of it: the most that they can have cost
 *     clean        the same, without what a stall took more than a tenth of
 *     on time      without what was sent late, or read late, by more than the half of the allowance that is ours
 *
 * So a limit that is broken as corrected was broken by more than the stalls can explain; and one that is broken in the
 * clean view has a witness that no stall touches.
 */

const touchedShare = 0.1;

/** The views of a run in which something could not run. */
export interface Views {
  readonly corrected: RunFacts;
  readonly clean: RunFacts;
  readonly onTime: RunFacts;
  /** What the clean view leaves out. */
  readonly aside: SetAside;
  /** What the view of what was on time leaves out. */
  readonly late: SetAside;
  /** Where so long a time lies in long stalls that nobody knows what the service would have done, in words; else null. */
  readonly hidden: string | null;
}

/** Null where nothing stalled under the load: then there is nothing to set aside. */
export function viewsOf(run: RunFacts): Views | null {
  const { load, stalls, evidence, phases } = run;
  if (load === null || stalls.named.length === 0) return null;
  const tookUs = (one: Attempt): number =>
    stalls.tookUs('attempts', one.sentUs, one.endedUs ?? run.endUs, one.instance);
  const isTouched = (one: Attempt): boolean =>
    lateBy(one) + tookUs(one) > touchedShare * ((one.endedUs ?? run.endUs) - one.intendedUs);
  const mostUs = 500 * run.driven.thresholds.epsMs;
  const blind = joinSpans(stalls.spansOf('reads').all.filter(({ fromUs, toUs }) => toUs - fromUs > mostUs));
  const isLate = ({ intendedUs, sentUs, endedUs }: Attempt): boolean =>
    sentUs - intendedUs > mostUs || (endedUs !== null && blind.within(endedUs - 1, endedUs) > 0);
  const share = { stalls, attempts: allAttempts(evidence), phases, load };
  const corrected = correct(evidence, tookUs, run);
  return {
    corrected: viewOf(run, corrected),
    clean: {
      ...viewOf(run, keep(corrected, evidence, isTouched, run)),
      setAside: stalls.spansOf('attempts').all,
    },
    onTime: { ...viewOf(run, leaveOut(evidence, isLate)), setAside: blind.all },
    aside: setAsideOf({ ...share, what: ['sends', 'attempts'], isTouched }),
    late: setAsideOf({ ...share, what: ['sends', 'reads'], isTouched: isLate }),
    hidden: hiddenIn(run),
  };
}

/** Every attempt and login as short as it may have been. */
function correct(evidence: Evidence, tookUs: (one: Attempt) => number, run: RunFacts): Evidence {
  const { attempts, beside } = evidence;
  const shorter = (all: readonly Attempt[]): readonly Attempt[] =>
    all.map((one) => shortened(one, tookUs(one)));
  return {
    ...evidence,
    attempts: shorter(attempts),
    ...(beside === undefined ? {} : { beside: shorter(beside) }),
    events: evidence.events.map((event) => (event.kind === 'canary' ? shortenedLogin(event, run) : event)),
  };
}

function shortened(one: Attempt, tookUs: number): Attempt {
  if (tookUs + lateBy(one) === 0) return one;
  const { endedUs, sentUs, receivedUs, acquireUs } = one;
  return {
    ...one,
    intendedUs: lateBy(one) === 0 ? one.intendedUs : sentUs,
    endedUs: endedUs === null ? null : Math.max(sentUs, receivedUs ?? sentUs, endedUs - tookUs),
    acquireUs: acquireUs === null ? null : Math.max(0, acquireUs - tookUs),
  };
}

function shortenedLogin(login: CanaryEvent, run: RunFacts): CanaryEvent {
  const tookUs = loginTookUs(login, run);
  if (tookUs === 0) return login;
  const fromQueryUs = Math.min(tookUs, login.query_us ?? 0);
  return {
    ...login,
    connect_us: Math.max(0, login.connect_us - (tookUs - fromQueryUs)),
    query_us: login.query_us === null ? null : login.query_us - fromQueryUs,
  };
}

function loginTookUs(login: CanaryEvent, { stalls }: RunFacts): number {
  return stalls.tookUs('canaries', login.t_us, login.t_us + durationUs(login));
}

function durationUs({ connect_us: connectUs, query_us: queryUs }: CanaryEvent): number {
  return connectUs + (queryUs ?? 0);
}

/** Of the corrected evidence, what no stall touched as it was. */
function keep(
  corrected: Evidence,
  asWas: Evidence,
  isTouched: (one: Attempt) => boolean,
  run: RunFacts,
): Evidence {
  const { beside } = corrected;
  const untouched = (all: readonly Attempt[], was: readonly Attempt[]): readonly Attempt[] =>
    all.filter((_, index) => {
      const one = was[index];
      return one === undefined || !isTouched(one);
    });
  const isKept = (event: RunEvent): boolean =>
    event.kind === 'canary'
      ? !event.ok || loginTookUs(event, run) <= touchedShare * durationUs(event)
      : !isStolen(event);
  return {
    ...corrected,
    attempts: untouched(corrected.attempts, asWas.attempts),
    ...(beside === undefined ? {} : { beside: untouched(beside, asWas.beside ?? []) }),
    events: corrected.events.filter((event, index) => isKept(asWas.events[index] ?? event)),
  };
}

function leaveOut(evidence: Evidence, isLate: (one: Attempt) => boolean): Evidence {
  const { attempts, beside } = evidence;
  return {
    ...evidence,
    attempts: attempts.filter((one) => !isLate(one)),
    ...(beside === undefined ? {} : { beside: beside.filter((one) => !isLate(one)) }),
  };
}
