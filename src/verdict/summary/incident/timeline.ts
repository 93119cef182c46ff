import { formatMs } from '../../../base/units.ts';
import { peakOf, type Step } from '../../../evidence/sessions/steps.ts';
import { everyService, type RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import type { Incident } from './incident-shape.ts';

type Moment = Incident['timeline'][number];

/** What led to the first refusal and what came of it, in time order. */
export function timelineOf(run: RunFacts): Moment[] {
  return [
    ...phaseMoments(run),
    ...everyService(run).flatMap((one) => sessionMoments(run, one)),
    ...changeMoments(run),
    ...refusalMoments(run),
    ...canaryMoments(run),
    ...failureMoments(run),
  ].sort((a, b) => a.t_us - b.t_us);
}

function phaseMoments({ phases }: RunFacts): Moment[] {
  return phases.map(({ name, fromUs, stress, ratePerSec }) => ({
    t_us: fromUs,
    what: `${name} begins${stress ? ' (stress)' : ''}${ratePerSec === 0 ? '' : `, ${Math.round(ratePerSec)}/s`}`,
  }));
}

/** When a fleet was as wide as it got, and its sessions more than the headroom leaves. */
function sessionMoments({ endUs }: RunFacts, { contract, exact, alive, thresholds }: ServiceFacts): Moment[] {
  const widest = alive === null ? null : peakOf(alive, 0, endUs);
  const fullest = exact === null ? null : peakOf(exact.steps, 0, endUs);
  const over = exact === null ? null : firstAbove(exact.steps, thresholds.nonHeadroomMax);
  return [
    ...(widest === null
      ? []
      : [{ t_us: widest.tUs, what: `${contract.name}: ${widest.count} instances, its most` }]),
    ...(over === null
      ? []
      : [
          {
            t_us: over.tUs,
            what: `${contract.name}: ${over.count} sessions, more than the ${thresholds.nonHeadroomMax} that the headroom leaves`,
          },
        ]),
    ...(fullest === null
      ? []
      : [{ t_us: fullest.tUs, what: `${contract.name}: ${fullest.count} sessions, its most` }]),
  ];
}

function firstAbove(steps: readonly Step[], limit: number): Step | null {
  return steps.find(({ count }) => count > limit) ?? null;
}

function changeMoments({ evidence, load }: RunFacts): Moment[] {
  const fromUs = load?.fromUs ?? 0;
  return evidence.events.flatMap((event) => {
    if (event.t_us < fromUs) return [];
    if (event.kind === 'revision' && event.state !== 'ready')
      return [{ t_us: event.t_us, what: `revision ${event.revision} ${event.state}` }];
    if (event.kind === 'fault' && event.state !== 'confirmed')
      return [{ t_us: event.t_us, what: `${event.fault} ${event.state}` }];
    return [];
  });
}

function refusalMoments({ refusals }: RunFacts): Moment[] {
  const [first] = refusals;
  const last = refusals.at(-1);
  if (first === undefined || last === undefined) return [];
  const whose = first.service === null ? '' : ` of ${first.service}`;
  return [
    { t_us: first.tUs, what: `Postgres refuses the first connection${whose} (53300)` },
    {
      t_us: last.tUs,
      what: `the last refusal, ${formatMs((last.tUs - first.tUs) / 1000)} after the first`,
    },
  ];
}

function canaryMoments({ canaries }: RunFacts): Moment[] {
  const locked = canaries.filter(({ ok, role }) => !ok && role === 'headroom');
  const [first] = locked;
  if (first === undefined) return [];
  const what = `the headroom's own canary gets no session (${locked.length} in all)`;
  return [{ t_us: first.t_us, what }];
}

/** When callers first felt it. */
function failureMoments({ evidence, refusals }: RunFacts): Moment[] {
  const fromUs = refusals[0]?.tUs ?? 0;
  let first: { readonly tUs: number; readonly outcome: string } | null = null;
  for (const { outcome, endedUs } of evidence.attempts) {
    if (outcome !== 'db_error' && outcome !== 'pool_timeout') continue;
    if (endedUs === null || endedUs < fromUs) continue;
    if (first === null || endedUs < first.tUs) first = { tUs: endedUs, outcome };
  }
  return first === null ? [] : [{ t_us: first.tUs, what: `the first caller is told so (${first.outcome})` }];
}
