import { formatMs } from '../../base/units.ts';
import { isPass, type Checked, type Judged } from '../bounds/algebra.ts';
import type { BoundResult } from '../bounds/shared/bound.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { lossOf } from './verdict-word.ts';
import { overTheirLine } from '../diagnoses/shared/over-line.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import { phaseAt } from '../facts/requests/phase-window.ts';
import type { Summary } from './summary.ts';

/** One sentence: the verdict, and the one thing to know first, with its numbers. */
export function headlineOf(
  verdict: Summary['verdict'],
  run: RunFacts,
  service: ServiceFacts,
  judged: readonly Judged[],
  checked: readonly Checked[],
): string {
  const fails = failsInOrder(judged);
  if (verdict === 'INTERRUPTED') return `INTERRUPTED: ${stopped(run)}${already(run, service, fails)}`;
  if (verdict === 'ABORTED')
    return `ABORTED: ${run.record.ended.reason ?? 'a stop condition was met'}${already(run, service, fails)}`;
  if (verdict === 'FAIL' || verdict === 'DEGRADED') return `${verdict}: ${broken(run, service, fails)}`;
  return verdict === 'PASS'
    ? `PASS: ${kept(judged)}`
    : `INCONCLUSIVE: ${lossOf(run.evidence) ?? missing(judged, checked)}`;
}

type Failed = Judged & { readonly result: BoundResult };

/** Hard ones first, the contract's before the scenario's own, then by when they were first broken. */
function failsInOrder(judged: readonly Judged[]): readonly Failed[] {
  const rankOf = ({ bound, result }: Judged): number =>
    (result.severity === 'hard' ? 0 : 2) + (bound.id.startsWith('A') ? 1 : 0);
  return judged
    .filter(({ result }) => result.status === 'FAIL')
    .sort(
      (a, b) => rankOf(a) - rankOf(b) || (a.result.witness?.fromUs ?? 0) - (b.result.witness?.fromUs ?? 0),
    );
}

function broken(run: RunFacts, service: ServiceFacts, fails: readonly Failed[]): string {
  const blame = blameOf(run, service);
  const [first, ...others] = blame === '' ? fails : claimsFirst(fails);
  if (first === undefined) return 'a bound was broken';
  const also = others.map(({ bound }) => `${bound.name} (${bound.id})`).join(', ');
  const tail = also === '' ? '' : `; also broken: ${also}`;
  return `${blame}${first.bound.name} (${first.bound.id}): ${first.result.witness?.what ?? first.result.reason}${whenOf(run, first.result)}${tail}`;
}

/** Where another declared service broke its own line, the one that load was sent at is not to blame. */
function blameOf(run: RunFacts, service: ServiceFacts): string {
  const names = overTheirLine(run, service).map((one) => one.service.contract.name);
  if (names.length === 0) return '';
  const peak = peakSessions(run, service);
  const held = peak === null ? '' : ` (${peak} of ${service.thresholds.claim} sessions)`;
  const own = names.length > 1 ? 'their own' : 'its own';
  return `${service.contract.name} kept its contract${held} and ${names.join(', ')} broke ${own}: `;
}

function claimsFirst(fails: readonly Failed[]): readonly Failed[] {
  const isClaim = ({ bound }: Failed): boolean => bound.headline === 'claim';
  return [...fails.filter(isClaim), ...fails.filter((failed) => !isClaim(failed))];
}

function whenOf(run: RunFacts, { witness }: BoundResult): string {
  if (witness === null) return '';
  const phase = phaseAt(run.phases, witness.fromUs);
  if (phase === null) return '';
  return `, ${formatMs((witness.fromUs - phase.fromUs) / 1000)} into ${phase.name}`;
}

function kept(judged: readonly Judged[]): string {
  const parts = judged.flatMap(({ bound, result }) =>
    bound.headline !== null && isPass(result) ? [result.reason] : [],
  );
  const sampled = judged.some(
    ({ bound, result }) => result.status === 'PASS_SAMPLED' && bound.answer !== null,
  )
    ? ', as far as samples show'
    : '';
  return `bounded and fast-failing${sampled}: ${parts.join('; ')}`;
}

/** A broken guard that made bounds INCONCLUSIVE comes before what is missing for a single bound. */
function missing(judged: readonly Judged[], checked: readonly Checked[]): string {
  const open = judged.filter(({ result }) => result.status === 'INCONCLUSIVE');
  const [first] = open;
  if (first === undefined) return 'nothing was judged';
  const count = `${open.length} of ${judged.length} bounds can't be judged`;
  const guard = checked.find(
    ({ id, result }) => !result.ok && open.some(({ bound }) => bound.needs.includes(id)),
  );
  if (guard !== undefined) return `${guard.name} (${guard.id}): ${guard.result.reason}; ${count}`;
  return `${first.bound.name} (${first.bound.id}): ${first.result.reason}; ${count}`;
}

function stopped({ record, endUs, load }: RunFacts): string {
  const how = record.ended.how === 'running' ? 'the run was cut off' : 'the run was stopped';
  const reason = record.ended.reason === null ? '' : ` (${record.ended.reason})`;
  if (load === null) {
    const sent = (record.calibrations ?? []).length > 0 ? 'the first phase' : 'any load was sent';
    return `${how}${reason} before ${sent}`;
  }
  return `${how}${reason} ${formatMs(Math.max(0, endUs - load.fromUs) / 1000)} after load began`;
}

function already(run: RunFacts, service: ServiceFacts, fails: readonly Failed[]): string {
  return fails.length === 0
    ? '; nothing was broken up to then'
    : `; broken up to then: ${broken(run, service, fails)}`;
}
