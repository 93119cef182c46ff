import { formatMs } from '../../base/units.ts';
import { isPass, type Checked, type Judged } from '../bounds/shared/algebra.ts';
import type { BoundResult } from '../bounds/shared/bound.ts';
import { catalogue } from '../catalogue.ts';
import type { Facts } from '../facts/run-facts.ts';
import { lossOf } from './verdict-word.ts';
import { overTheirLine } from '../diagnoses/shared/over-line.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import { phaseAt } from '../facts/requests/phase-window.ts';
import type { Summary } from './summary.ts';

/** One sentence: the verdict, and the one thing to know first, with its numbers. */
export function headlineOf(
  verdict: Summary['verdict'],
  facts: Facts,
  judged: readonly Judged[],
  checked: readonly Checked[],
): string {
  const fails = failsInOrder(judged);
  if (verdict === 'INTERRUPTED') return `INTERRUPTED: ${stopped(facts)}${already(facts, fails)}`;
  if (verdict === 'ABORTED')
    return `ABORTED: ${facts.evidence.run.ended.reason ?? 'a stop condition was met'}${already(facts, fails)}`;
  if (verdict === 'FAIL' || verdict === 'DEGRADED') return `${verdict}: ${broken(facts, fails)}`;
  return verdict === 'PASS'
    ? `PASS: ${kept(judged)}`
    : `INCONCLUSIVE: ${lossOf(facts.evidence) ?? missing(judged, checked)}`;
}

type Failed = Judged & { readonly result: BoundResult };

/** Hard ones first, the contract's before one's own, then by when they were first broken. */
function failsInOrder(judged: readonly Judged[]): readonly Failed[] {
  const rankOf = ({ bound, result }: Judged): number =>
    (result.severity === 'hard' ? 0 : 2) + (bound.id.startsWith('A') ? 1 : 0);
  return judged
    .filter(({ result }) => result.status === 'FAIL')
    .sort(
      (a, b) => rankOf(a) - rankOf(b) || (a.result.witness?.fromUs ?? 0) - (b.result.witness?.fromUs ?? 0),
    );
}

function broken(facts: Facts, fails: readonly Failed[]): string {
  const blame = blameOf(facts);
  const [first, ...others] = blame === '' ? fails : claimsFirst(fails);
  if (first === undefined) return 'a bound was broken';
  const also = others.map(({ bound }) => `${bound.name} (${bound.id})`).join(', ');
  const tail = also === '' ? '' : `; also broken: ${also}`;
  return `${blame}${first.bound.name} (${first.bound.id}): ${first.result.witness?.what ?? first.result.reason}${whenOf(facts, first.result)}${tail}`;
}

/** Where another declared service broke its own line, the one that load was sent at is not to blame. */
function blameOf(facts: Facts): string {
  const names = overTheirLine(facts).map((one) => one.facts.service.name);
  if (names.length === 0) return '';
  const peak = peakSessions(facts);
  const held = peak === null ? '' : ` (${peak} of ${facts.thresholds.claim} sessions)`;
  const own = names.length > 1 ? 'their own' : 'its own';
  return `${facts.service.name} kept its contract${held} and ${names.join(', ')} broke ${own}: `;
}

function claimsFirst(fails: readonly Failed[]): readonly Failed[] {
  const isClaim = ({ bound }: Failed): boolean => bound.id === 'B01' || bound.id === 'B02';
  return [...fails.filter(isClaim), ...fails.filter((failed) => !isClaim(failed))];
}

function whenOf(facts: Facts, { witness }: BoundResult): string {
  if (witness === null) return '';
  const phase = phaseAt(facts.phases, witness.fromUs);
  if (phase === null) return '';
  return `, ${formatMs((witness.fromUs - phase.fromUs) / 1000)} into ${phase.name}`;
}

function kept(judged: readonly Judged[]): string {
  const saying = (id: string): string | null => {
    const found = judged.find(({ bound }) => bound.id === id)?.result;
    return found !== undefined && isPass(found) ? found.reason : null;
  };
  const parts = ['B01', 'B02', 'B11', 'B22'].flatMap((id) => saying(id) ?? []);
  const sampled = judged.some(
    ({ bound, result }) => result.status === 'PASS_SAMPLED' && isPartOfAnswer(bound.id),
  )
    ? ', as far as samples show'
    : '';
  return `bounded and fast-failing${sampled}: ${parts.join('; ')}`;
}

function isPartOfAnswer(id: string): boolean {
  return catalogue.some((entry) => entry.id === id && entry.answer !== null);
}

/** A broken guard that took bounds away comes before what is missing for one bound alone. */
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

function stopped({ evidence: { run }, endUs, load }: Facts): string {
  const how = run.ended.how === 'running' ? 'the run was cut off' : 'the run was stopped';
  const reason = run.ended.reason === null ? '' : ` (${run.ended.reason})`;
  if (load === null) {
    const sent = (run.calibrations ?? []).length > 0 ? 'the first phase' : 'any load was sent';
    return `${how}${reason} before ${sent}`;
  }
  return `${how}${reason} ${formatMs(Math.max(0, endUs - load.fromUs) / 1000)} after load began`;
}

function already(facts: Facts, fails: readonly Failed[]): string {
  return fails.length === 0
    ? '; nothing was broken up to then'
    : `; broken up to then: ${broken(facts, fails)}`;
}
