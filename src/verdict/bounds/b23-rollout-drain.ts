import { formatMs } from '../../base/units.ts';
import type { InstanceEvent, RunEvent } from '../../evidence/event.ts';
import { countAt, sumOfSteps, type Step } from '../../evidence/sessions/steps.ts';
import { notTold } from './shared/not-told.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { forEveryService } from './shared/every-service.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { killFaults, markSpans, touches } from '../facts/platform/fault-spans.ts';
import type { Span } from '../facts/platform/overlap-windows.ts';
import { joinParts } from './shared/parts.ts';
import { result } from './shared/result.ts';

/*
 * The old revision lets go. From T_drain = T_req + 10 s + eps after the traffic has settled on the new one:
 *
 *     sessions of the old revision = 0
 *
 * An instance that the platform keeps idle, as Cloud Run does for up to 15 minutes, keeps its pool with it: that is the
 * platform's doing, and said. So what is charged is what an instance still holds that was told to stop, and has had the
 * time for it: as long as its last request may take, and no longer than the ten seconds after which a platform kills it,
 *
 *     told + min(T_req, 10 s) + eps
 *
 * One that was killed on purpose could not let go of anything.
 */

/** The sessions of one old instance. */
export interface OldInstance {
  readonly instance: string;
  readonly steps: readonly Step[];
  /** When it was told to stop; null where the platform kept it. */
  readonly toldUs: number | null;
  readonly killed: boolean;
}

export interface DrainInput {
  /** Of the instances of revisions that have no traffic any more. */
  readonly old: readonly OldInstance[];
  /** When the traffic had settled. */
  readonly settledUs: number;
  readonly drainUs: number;
  /** What whoever is told to stop is given: min(T_req, 10 s) and eps. */
  readonly graceUs: number;
  readonly endUs: number;
}

export function judgeDrain({ old, settledUs, drainUs, graceUs, endUs }: DrainInput): BoundResult {
  const known = { unit: 'sessions', limit: 0, n: old.length } as const;
  const dueUs = settledUs + drainUs;
  const lookUs = Math.min(dueUs, endUs);
  const all = sumOfSteps(old.map(({ steps }) => steps));
  const held = countAt(all, lookUs);
  const after = formatMs((lookUs - settledUs) / 1000);
  for (const { instance, steps, toldUs, killed } of old) {
    if (toldUs === null || killed) continue;
    const fromUs = Math.max(dueUs, toldUs + graceUs);
    const left = fromUs > endUs ? 0 : countAt(steps, fromUs);
    if (left === 0) continue;
    const what = `${instance} of the old revision still held ${left} sessions ${formatMs((fromUs - settledUs) / 1000)} after the traffic had moved, ${formatMs((fromUs - toldUs) / 1000)} after it was told to stop`;
    return result({
      ...known,
      status: 'FAIL',
      value: left,
      reason: what,
      witness: { fromUs, toUs: fromUs, what },
    });
  }
  if (held === 0)
    return result({
      ...known,
      status: 'PASS',
      value: 0,
      reason: `the old revision held no session ${after} after the traffic had moved`,
    });
  if (dueUs > endUs)
    return result({
      ...known,
      status: 'INCONCLUSIVE',
      value: held,
      reason: `observation ended ${after} after the traffic had moved; the old revision held ${held} sessions and may until ${formatMs(drainUs / 1000)}`,
    });
  const said = `${after} after the traffic had moved the old revision held ${held} sessions in instances that the platform`;
  const isKept = old.some(
    ({ steps, toldUs }) => (toldUs === null || toldUs + graceUs > endUs) && countAt(steps, lookUs) > 0,
  );
  return isKept
    ? result({
        ...known,
        status: 'NOT_APPLICABLE',
        value: held,
        reason: `${said} keeps: nobody told them to stop in time to see it`,
      })
    : result({
        ...known,
        status: 'PASS',
        value: held,
        reason: `${said} told to stop late, and let go in time`,
      });
}

export const rolloutDrain = {
  id: 'B23',
  name: 'rollout-drain',
  title: 'the old revision lets go',
  meaning: 'After a rollout the instances of the old revision close their sessions in time.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  needs: [...always, 'V12'],
  judge: (run) => notTold(run, 'revisions', 'sessions') ?? forEveryService(run, judgeOne),
} as const satisfies Bound;

const sigtermGraceUs = 10_000_000;

function judgeOne(run: RunFacts, service: ServiceFacts): BoundResult {
  const { endUs, evidence } = run;
  const { overlaps, perRevision, thresholds } = service;
  const none = { status: 'NOT_APPLICABLE', unit: 'sessions' } as const;
  const rollouts = overlaps.filter(({ served }) => served);
  if (rollouts.length === 0) return result({ ...none, reason: 'no revision took over from another' });
  if (perRevision.size === 0)
    return result({
      ...none,
      status: 'INCONCLUSIVE',
      reason: 'nothing tells which revision held which session',
    });
  const killed = markSpans(evidence, killFaults, sigtermGraceUs);
  const parts = rollouts.map(({ settledUs }) =>
    settledUs === null
      ? result({ ...none, reason: 'the traffic had not settled on one revision when the run ended' })
      : judgeDrain({
          old: oldInstances(run, service, settledUs, killed),
          settledUs,
          drainUs: 1000 * thresholds.drainMs,
          graceUs: Math.min(1000 * thresholds.requestMs, sigtermGraceUs) + 1000 * thresholds.epsMs,
          endUs,
        }),
  );
  const [first, ...others] = parts;
  return first === undefined ? result({ ...none, reason: 'no rollout' }) : joinParts([first, ...others]);
}

function oldInstances(
  { evidence: { events } }: RunFacts,
  { contract, perInstance }: ServiceFacts,
  settledUs: number,
  killed: readonly Span[],
): readonly OldInstance[] {
  const winner = servingAt(events, contract.name, settledUs);
  const own = events.flatMap((event) =>
    event.kind === 'instance' && event.service === contract.name ? [event] : [],
  );
  const old = new Set(
    own
      .filter((event) => event.t_us <= settledUs && event.revision !== winner)
      .map(({ instance }) => instance),
  );
  return [...old].map((instance) => {
    const life = own.filter((event) => event.instance === instance);
    const told = life.find(({ state }) => state === 'stopping' || state === 'stopped' || state === 'failed');
    const steps = perInstance.get(instance) ?? [];
    return {
      instance,
      steps,
      toldUs: told?.t_us ?? null,
      killed: life.some((event) => wasKilled(event, killed)),
    };
  });
}

function wasKilled({ signal, t_us: tUs }: InstanceEvent, killed: readonly Span[]): boolean {
  return signal === 'SIGKILL' && touches(killed, tUs, tUs);
}

/** The revision that had the traffic at a moment; of several the last that got some. */
function servingAt(events: readonly RunEvent[], service: string, tUs: number): string | null {
  let winner: string | null = null;
  for (const event of events)
    if (
      event.kind === 'revision' &&
      event.service === service &&
      event.state === 'serving' &&
      event.t_us <= tUs
    )
      winner = event.revision;
  return winner;
}
