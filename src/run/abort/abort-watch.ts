import { trim } from '../../base/units.ts';
import { aggregate } from '../../evidence/conditions/aggregate.ts';
import { limitOf } from '../../evidence/conditions/limit.ts';
import { attemptsIn, type AttemptBlock } from '../../evidence/dataset/attempt-block.ts';
import type { BackendRow } from '../../evidence/dataset/backend-row.ts';
import type { RunEvent } from '../../evidence/event.ts';
import {
  makeCounter,
  ofAttempt,
  ofEvent,
  ofSample,
  type Observation,
} from '../../evidence/conditions/observe.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import { holds, printCondition } from '../../scenario/conditions/condition.ts';
import { metrics } from '../../scenario/conditions/metrics.ts';
import type { AbortRule } from '../../scenario/conditions/rules.ts';

/** Watches the scenario's `abort:` while load is on. */
export interface AbortWatch {
  /** Resolves with the reason once a rule has held for as long as it says; never without rules. */
  readonly met: Promise<string>;
  event(event: RunEvent): void;
  sample(tUs: number, rows: readonly BackendRow[]): void;
  attempts(block: AttemptBlock): void;
  /** The load begins: forgets what was seen before, except for counts that carry on. */
  begin(): void;
  /** Evaluates what was seen since the last look; `sinceLoadUs` counts from the start of the first phase. */
  look(sinceLoadUs: number): void;
}

/** One rule, with what was observed since the last look. */
interface Watched {
  readonly rule: AbortRule;
  readonly counter: ReturnType<typeof makeCounter> | null;
  seen: Observation[];
  /** The last count; it stands until something changes it. */
  held: number | null;
  /** For how many seconds in a row the rule has held. */
  seconds: number;
}

/** The parts of a plan that `abort:` refers to. */
export type WatchedPlan = Pick<RunPlan, 'limits' | 'phases'> & {
  readonly scenario: Pick<RunPlan['scenario'], 'abort' | 'contract'>;
};

/** Watches the abort rules of a plan. */
export function makeAbortWatch({ scenario, limits, phases }: WatchedPlan): AbortWatch {
  const watched = scenario.abort.map(watchedOf);
  let resolve: (why: string) => void = () => {};
  const met = new Promise<string>((done) => (resolve = done));
  const hears = (kinds: readonly string[]): readonly Watched[] =>
    watched.filter(({ rule }) => kinds.includes(metrics[rule.condition.metric].kind));
  const calls = watched.filter(({ rule }) => rule.condition.metric.startsWith('http.'));
  const samples = hears(['sampled']);
  const counts = hears(['counted']);
  const events = hears(['events']);
  return {
    met,
    event: (event) => {
      for (const one of events) keep(one, ofEvent(one.rule.condition, event));
      for (const one of counts) {
        const value = one.counter?.after(event) ?? null;
        if (value === null) continue;
        one.held = value;
        keep(one, { tUs: event.t_us, value, isHit: true });
      }
    },
    sample: (tUs, rows) => {
      for (const one of samples) keep(one, ofSample(one.rule.condition, tUs, rows));
    },
    attempts: (block) => {
      if (calls.length === 0) return;
      for (const attempt of attemptsIn(block))
        for (const one of calls) keep(one, ofAttempt(one.rule.condition, attempt));
    },
    begin: () => {
      for (const one of watched) one.seen = [];
    },
    look: (sinceLoadUs) => {
      for (const one of watched) {
        const limit = limitOf(one.rule.condition.threshold, limits, scenario.contract.services);
        const value = isInPhase(one.rule, phases, sinceLoadUs) ? lastSecond(one) : null;
        one.seen = [];
        const isSo = value !== null && holds(value, one.rule.condition.operator, limit);
        one.seconds = isSo ? one.seconds + 1 : 0;
        if (value !== null && isSo && 1000 * one.seconds >= (one.rule.condition.forMs ?? 0))
          resolve(reasonOf(one.rule, value));
      }
    },
  };
}

const secondUs = 1_000_000;

function watchedOf(rule: AbortRule): Watched {
  const isCounted = metrics[rule.condition.metric].kind === 'counted';
  const counter = isCounted ? makeCounter(rule.condition) : null;
  return { rule, counter, seen: [], held: isCounted ? 0 : null, seconds: 0 };
}

function keep(one: Watched, observation: Observation | null): void {
  if (observation !== null) one.seen.push(observation);
}

function lastSecond({ rule, seen, held }: Watched): number | null {
  const isQuiet = seen.length === 0 && held !== null;
  const all = isQuiet ? [{ tUs: 0, value: held, isHit: true }] : seen;
  return aggregate(rule.condition, all, secondUs);
}

function isInPhase({ condition }: AbortRule, phases: RunPlan['phases'], sinceLoadUs: number): boolean {
  if (condition.phase === null) return true;
  return phases.some(
    ({ name, startUs, endUs }) => name === condition.phase && sinceLoadUs > startUs && sinceLoadUs <= endUs,
  );
}

function reasonOf({ condition, because }: AbortRule, value: number): string {
  const why = because === null ? '' : ` (${because})`;
  return `${printCondition(condition)}: it was ${trim(value, 2)}${why}`;
}
