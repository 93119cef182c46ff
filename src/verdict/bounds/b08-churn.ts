import { trim } from '../../base/units.ts';
import type { LinkEvent } from '../../evidence/event.ts';
import { notTold } from './shared/not-told.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { forEveryService } from './shared/every-service.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { outagesIn } from '../facts/platform/outages.ts';
import type { Span } from '../facts/platform/overlap-windows.ts';
import { joinParts } from './shared/parts.ts';
import { result } from './shared/result.ts';

/*
 * A session is opened once and used many times. Opened as expected is what fills a pool:
 *
 *     E = starts x W x P + (faults that end sessions) x claim + (rises of the load) x claim
 *         + (how often T_life fits into the load, rounded up) x claim, where a longest life is declared
 *
 *     soft   opened <= 2 E + claim
 *     hard   in a steady phase, (opened - what its starts fill) / requests that used a session <= 0.5
 *     hard   behind a restart of the server, logins within any second <= claim
 *
 * When less is asked pools let go of what is idle, and take it back when more is asked: at most a claim for each rise
 * of the load. A service that connects for every request opens about one session a request, a working pool about none.
 * A pool may let go of a session that it has not used for some ten seconds, so the share is judged only where there
 * is enough to do for that not to happen: twice as many requests in ten seconds as the claim has sessions. Each slot
 * tries again at most once a second.
 */

export interface ChurnInput {
  /** Null where nobody counted. */
  readonly opened: number | null;
  readonly expected: number;
  readonly claim: number;
  readonly phases: readonly SteadyPhase[];
  /** The most logins, authorized or refused, within a second behind each restart. */
  readonly returns: readonly { readonly tUs: number; readonly within: number }[];
}

interface SteadyPhase {
  readonly name: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** Sessions opened in it, what its instance starts fill left out. */
  readonly opened: number;
  /** Requests that used a session. */
  readonly served: number;
}

const shareLimit = 0.5;

export function judgeChurn(input: ChurnInput): BoundResult {
  const { opened, expected, claim, phases, returns } = input;
  if (opened === null)
    return result({
      status: 'INCONCLUSIVE',
      severity: 'soft',
      unit: 'sessions',
      reason: 'nobody counted the sessions that were opened',
    });
  return joinParts([
    openedRule(opened, expected, claim, phases[0]?.fromUs ?? 0),
    ...phases.map(shareRule),
    ...returns.map((one) => returnRule(one, claim)),
  ]);
}

function openedRule(opened: number, expected: number, claim: number, fromUs: number): BoundResult {
  const limit = 2 * expected + claim;
  const what = `${opened} sessions opened, ${expected} expected (limit ${limit})`;
  const known = {
    severity: 'soft',
    unit: 'sessions',
    value: opened,
    limit,
    n: opened,
    reason: what,
  } as const;
  if (opened <= limit) return result({ ...known, status: 'PASS' });
  return result({ ...known, status: 'FAIL', witness: { fromUs, toUs: fromUs, what } });
}

function shareRule({ name, fromUs, toUs, opened, served }: SteadyPhase): BoundResult {
  const value = opened / served;
  const what = `${opened} sessions opened for ${served} requests in ${name} (${trim(value, 3)} each, limit ${shareLimit})`;
  const known = { unit: 'ratio', value, limit: shareLimit, n: served, reason: what } as const;
  if (value <= shareLimit) return result({ ...known, status: 'PASS' });
  return result({ ...known, status: 'FAIL', witness: { fromUs, toUs, what } });
}

function returnRule({ tUs, within }: ChurnInput['returns'][number], claim: number): BoundResult {
  const what = `${within} logins within a second after the server came back, claim ${claim}`;
  const known = { unit: 'count', value: within, limit: claim, n: within, reason: what } as const;
  if (within <= claim) return result({ ...known, status: 'PASS' });
  return result({ ...known, status: 'FAIL', witness: { fromUs: tUs, toUs: tUs + 1e6, what } });
}

export const churn = {
  id: 'B08',
  name: 'churn',
  title: 'sessions are reused',
  meaning: 'Sessions are opened to fill the pools, not for each request.',
  severity: {
    depends:
      'more sessions than expected are soft; a session per request, or a login storm after a restart, is hard',
  },
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: false,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['attempts', 'events'] },
  needs: [...always, 'V12'],
  judge: (run) => notTold(run, 'instances', 'sessions') ?? forEveryService(run, judgeOne),
} as const satisfies Bound;

function judgeOne(run: RunFacts, service: ServiceFacts): BoundResult {
  const { evidence } = run;
  const { contract, thresholds, exact } = service;
  const links = evidence.events.flatMap((event) =>
    event.kind === 'link' && event.service === contract.name ? [event] : [],
  );
  return judgeChurn({
    opened: exact === null ? null : risesOf(exact.steps.map(({ count }) => count)),
    expected: expectedOpens(run, service),
    claim: thresholds.claim,
    phases: links.length === 0 ? [] : steadyPhases(run, service, links),
    returns: outagesIn(evidence, 1000 * thresholds.windowMs).map((outage) => mostWithinSecond(links, outage)),
  });
}

/** How many times a count went up: each step is one session more or one less. */
function risesOf(counts: readonly number[]): number {
  return counts.reduce((sum, count, index) => sum + Math.max(0, count - (counts[index - 1] ?? 0)), 0);
}

function expectedOpens(run: RunFacts, service: ServiceFacts): number {
  const { evidence, phases } = run;
  const { contract, thresholds } = service;
  const fill = contract.workersPerInstance * contract.poolMax;
  const broken = evidence.events.filter(
    (event) => event.kind === 'fault' && event.state === 'started' && event.fault.startsWith('db.'),
  ).length;
  const rises = phases.filter(({ ratePerSec, closed }, index) => {
    const before = phases[index - 1];
    return (
      before !== undefined && (ratePerSec > before.ratePerSec || (closed !== null && before.closed === null))
    );
  }).length;
  const calibrated = evidence.beside === undefined ? 0 : 1;
  const fills = broken + rises + calibrated + lifetimesIn(run, service);
  return startsIn(run, service, -Infinity, Infinity) * fill + fills * thresholds.claim;
}

/** How often a pool replaces all its sessions while load lasts. */
function lifetimesIn({ load }: RunFacts, { contract: { maxLifetimeMs } }: ServiceFacts): number {
  if (maxLifetimeMs === undefined || load === null) return 0;
  return Math.ceil((load.toUs - load.fromUs) / (1000 * maxLifetimeMs));
}

function startsIn({ evidence }: RunFacts, { contract }: ServiceFacts, fromUs: number, toUs: number): number {
  return evidence.events.filter(
    (event) =>
      event.kind === 'instance' &&
      event.service === contract.name &&
      event.state === 'starting' &&
      event.t_us >= fromUs &&
      event.t_us < toUs,
  ).length;
}

/** Ten seconds: the shortest after which a pool in use lets go of an idle session. */
const letGoUs = 10_000_000;

function steadyPhases(
  run: RunFacts,
  service: ServiceFacts,
  links: readonly LinkEvent[],
): readonly SteadyPhase[] {
  const { phases, attemptsByPhase, evidence } = run;
  const { thresholds, contract, overlaps } = service;
  if (contract.name !== evidence.run.platform.service) return [];
  const disturbed = [
    ...overlaps,
    ...evidence.events.flatMap((event) =>
      event.kind === 'fault' && event.fault.startsWith('db.')
        ? [{ fromUs: event.t_us, toUs: event.t_us }]
        : [],
    ),
  ];
  const fill = contract.workersPerInstance * contract.poolMax;
  return phases.flatMap(({ name, fromUs, toUs, stress }) => {
    const served = (attemptsByPhase.get(name) ?? []).filter(usedSession).length;
    const isBusy = served * letGoUs >= 2 * thresholds.claim * (toUs - fromUs);
    const isDisturbed = disturbed.some((span) => span.toUs >= fromUs && span.fromUs <= toUs);
    if (stress || isDisturbed || !isBusy || served === 0) return [];
    const opens = links.filter(
      (event) => event.what === 'session' && event.t_us >= fromUs && event.t_us < toUs,
    ).length;
    const opened = Math.max(0, opens - fill * startsIn(run, service, fromUs - letGoUs, toUs));
    return [{ name, fromUs, toUs, opened, served }];
  });
}

function usedSession({ outcome }: RunFacts['evidence']['attempts'][number]): boolean {
  return outcome === 'ok' || outcome === 'stmt_timeout' || outcome === 'dishonest';
}

function mostWithinSecond(
  links: readonly LinkEvent[],
  { fromUs, toUs }: Span,
): ChurnInput['returns'][number] {
  const times = links
    .filter(
      ({ what, t_us: tUs }) => (what === 'session' || what === 'refused') && tUs >= fromUs && tUs <= toUs,
    )
    .map(({ t_us: tUs }) => tUs);
  let first = 0;
  let most = { tUs: fromUs, within: 0 };
  times.forEach((tUs, index) => {
    while ((times[first] ?? tUs) <= tUs - 1e6) first += 1;
    if (index + 1 - first > most.within) most = { tUs: times[first] ?? tUs, within: index + 1 - first };
  });
  return most;
}
