import { countAt, peakOf, type Step } from '../../evidence/sessions/steps.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { hasFailed } from '../facts/requests/failure.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { inside, isIn, type Span } from '../facts/platform/overlap-windows.ts';
import { isAsked } from '../facts/requests/phase-window.ts';
import { countRefusals } from '../facts/sessions/refusal.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * The load met a sleeping service: no instance at first, then the whole fleet within seconds. Most failures lie in
 * those seconds, and the platform issued them, or Postgres did when all pools connected at once. It may happen more
 * than once in a run, each time that the fleet had gone to zero before a stress phase.
 */

const wakeUs = 10_000_000;
const minFailures = 10;

export const wakeUp = {
  id: 'D22',
  title: 'waking from zero is the incident',
  question: null,
  diagnose: ({ run, service }) => {
    const { alive, contract } = service;
    const wakes = alive === null ? [] : wakesOf(run, alive);
    if (alive === null || wakes.length === 0) return null;
    // Retries repeat the failures of the wake-up later on: what counts is what the arrivals met.
    const failed = run.notOk.filter((one) => one.attempt === 1 && hasFailed(one));
    const early = failed.filter((attempt) => isIn(wakes, attempt.intendedUs));
    const refused = countRefusals(run.refusals.filter(({ tUs }) => isIn(wakes, tUs)));
    const platform = early.filter((attempt) => attempt.outcome === 'platform');
    const ofWaking = early.filter((attempt) => isOfWaking(attempt, refused > 0));
    if (failed.length < minFailures || early.length < failed.length / 2) return null;
    if (ofWaking.length < early.length / 2) return null;
    const instances = wakes.reduce((most, { fromUs }) => Math.max(most, countAt(alive, fromUs + wakeUs)), 0);
    return {
      confidence: isRepeated(wakes, early) ? 'high' : 'medium',
      lever: `keep min instances at 1 or more (declared ${contract.minInstances}), or lower the claim that wakes at once`,
      evidence: [
        `no instance was alive when ${wakes.map(({ name }) => name).join(' and ')} began`,
        `${early.length} of ${failed.length} failures fell into the first 10 s${wakes.length > 1 ? ' of these' : ''}, ${platform.length} of them from the platform`,
        `${instances} instances were alive 10 s later`,
        ...(refused === 0 ? [] : [refusedWords(run, service, wakes, refused)]),
      ],
      confirm: 'run again with min instances 1: these failures must be gone',
      whatIf: [
        whatIf(run, service, `min instances ${contract.minInstances} -> 1 (the same claim, awake sooner)`, {
          minInstances: 1,
        }),
      ],
    };
  },
} as const satisfies Diagnosis;

interface Wake extends Span {
  readonly name: string;
}

/** The first seconds of the load, and of every stress phase, that met no instance. */
function wakesOf({ load, phases, stress }: RunFacts, alive: readonly Step[]): readonly Wake[] {
  if (load === null) return [];
  const [first] = phases;
  const isAtOnce = first !== undefined && isAsked(first);
  const starts = [
    ...(isAtOnce ? [{ name: 'the load', fromUs: load.fromUs }] : []),
    ...stress.filter(({ fromUs }) => !isAtOnce || fromUs > load.fromUs),
  ];
  return starts
    .filter(({ fromUs }) => fromUs < load.toUs && countAt(alive, fromUs - 1) === 0)
    .map(({ name, fromUs }) => ({ name, fromUs, toUs: fromUs + wakeUs }));
}

function isOfWaking({ outcome }: Attempt, isRefused: boolean): boolean {
  return outcome === 'platform' || (isRefused && outcome === 'db_error');
}

/** The same result on every one of several wake-ups is no accident. */
function isRepeated(wakes: readonly Wake[], early: readonly Attempt[]): boolean {
  return wakes.length > 1 && wakes.every((wake) => early.some(({ intendedUs }) => isIn([wake], intendedUs)));
}

function refusedWords(
  { load }: RunFacts,
  { exact }: ServiceFacts,
  wakes: readonly Wake[],
  refused: number,
): string {
  const spans = load === null ? [] : inside(wakes, load);
  const most = spans.reduce(
    (peak, { fromUs, toUs }) => Math.max(peak, peakOf(exact?.steps ?? [], fromUs, toUs)?.count ?? 0),
    0,
  );
  return `sessions rose from 0 to ${most} in these seconds, and Postgres refused ${refused} connections`;
}
