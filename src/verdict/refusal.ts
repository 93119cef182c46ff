import type { Evidence } from '../evidence/evidence.ts';

/** What kind of limit Postgres refused at: its text tells, its SQLSTATE is 53300 for all. */
export type RefusalKind = 'slots_gone' | 'only_reserved_left' | 'role_limit' | 'database_limit' | 'untold';

/** One observation of SQLSTATE 53300. The same refusal may be seen from several sides. */
export interface Refusal {
  readonly tUs: number;
  readonly source: 'log' | 'link' | 'canary' | 'response';
  readonly kind: RefusalKind;
}

const tooManyConnections = '53300';

/** Every sight of SQLSTATE 53300, in time order. */
export function refusalsOf({ events, attempts }: Evidence): readonly Refusal[] {
  const seen: Refusal[] = [];
  for (const event of events) {
    if (event.kind !== 'log' && event.kind !== 'link' && event.kind !== 'canary') continue;
    if (event.sqlstate !== tooManyConnections) continue;
    const text = event.kind === 'canary' ? event.error : event.message;
    seen.push({ tUs: event.t_us, source: event.kind, kind: refusalKind(text ?? '') });
  }
  for (const attempt of attempts) {
    if (attempt.sqlstate !== tooManyConnections) continue;
    seen.push({ tUs: attempt.endedUs ?? attempt.sentUs, source: 'response', kind: 'untold' });
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

/** Tells apart the texts that all carry 53300. */
export function refusalKind(message: string): RefusalKind {
  if (/too many clients/i.test(message)) return 'slots_gone';
  if (/remaining connection slots are reserved/i.test(message)) return 'only_reserved_left';
  if (/too many connections for role/i.test(message)) return 'role_limit';
  if (/too many connections for database/i.test(message)) return 'database_limit';
  return 'untold';
}
