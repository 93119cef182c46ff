import { allAttempts } from '../../../evidence/all-attempts.ts';
import { readError, type ErrorClass } from '../../../evidence/error-taxonomy.ts';
import type { Evidence } from '../../../evidence/evidence.ts';

/** What kind of limit Postgres refused at: its text tells, its SQLSTATE is 53300 for all. */
export type RefusalKind = 'slots_gone' | 'only_reserved_left' | 'role_limit' | 'database_limit' | 'untold';

/** One observation of SQLSTATE 53300. The same refusal may be seen from several sides. */
export interface Refusal {
  readonly tUs: number;
  readonly source: 'log' | 'link' | 'canary' | 'response';
  readonly kind: RefusalKind;
  /** Which declared service was refused, where the source tells. */
  readonly service: string | null;
}

const tooManyConnections = '53300';

/** Every sight of SQLSTATE 53300, in time order. */
export function refusalsOf(evidence: Evidence): readonly Refusal[] {
  const { run, events } = evidence;
  const seen: Refusal[] = [];
  for (const event of events) {
    if (event.kind !== 'log' && event.kind !== 'link' && event.kind !== 'canary') continue;
    if (event.sqlstate !== tooManyConnections) continue;
    const text = event.kind === 'canary' ? event.error : event.message;
    const service = event.kind === 'link' ? event.service : null;
    seen.push({ tUs: event.t_us, source: event.kind, kind: refusalKind(text ?? ''), service });
  }
  for (const attempt of allAttempts(evidence)) {
    if (attempt.sqlstate !== tooManyConnections) continue;
    const tUs = attempt.endedUs ?? attempt.sentUs;
    seen.push({ tUs, source: 'response', kind: 'untold', service: run.platform.service });
  }
  return seen.sort((a, b) => a.tUs - b.tUs);
}

/**
 * How many refusals there were. The log sees all of them; the links see the service's, the canary its own; a
 * response tells of one that the log or the link saw too. So the views overlap and the largest counts.
 */
export function countRefusals(refusals: readonly Refusal[]): number {
  const from = (source: Refusal['source']): number =>
    refusals.filter((refusal) => refusal.source === source).length;
  return Math.max(from('log'), from('link') + from('canary'), from('response'));
}

/**
 * Whose connections were refused, the most first. The links tell; without them nobody does but the responses of the
 * service that load was sent at.
 */
export function refusalsByService(
  refusals: readonly Refusal[],
): readonly { readonly service: string; readonly count: number }[] {
  const isLinked = refusals.some(({ source }) => source === 'link');
  const counts = new Map<string, number>();
  for (const { source, service } of refusals) {
    if (service === null || (isLinked && source !== 'link')) continue;
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return [...counts].map(([service, count]) => ({ service, count })).sort((a, b) => b.count - a.count);
}

const kinds: Partial<Record<ErrorClass, RefusalKind>> = {
  server_full: 'slots_gone',
  reserved_slots: 'only_reserved_left',
  role_limit: 'role_limit',
  database_limit: 'database_limit',
};

/** Tells apart the texts that all carry 53300. */
export function refusalKind(message: string): RefusalKind {
  const read = readError(message);
  return (read === null ? undefined : kinds[read.is]) ?? 'untold';
}
