import { formatMs, trim } from '../base/units.ts';
import type { Summary } from '../verdict/summary/summary.ts';
import { amount, grouped, percent } from './words.ts';

type Phase = Summary['phases'][number];

/** The load of a phase in two words: its mean planned rate, or that it is closed and what its clients came to. */
export function loadWords({ rate_per_sec: rate, closed }: Phase): string {
  if (closed === null) return amount(rate, 'per_sec');
  return closed.effective_per_sec === null ? 'closed' : `closed, ${rateWords(closed.effective_per_sec)}`;
}

/** What a closed phase is, in one sentence; null for an open one. */
export function closedWords({ name, closed }: Phase): string | null {
  if (closed === null) return null;
  const { clients, think_ms: thinkMs, effective_per_sec: rate } = closed;
  const who = `${grouped(clients)} clients that think for ${formatMs(thinkMs)}`;
  const came = rate === null ? 'got no answer' : `came to ${rateWords(rate)}`;
  return `${name} is closed: the service sets its own load. ${who} ${came}.`;
}

/** How much of the schedule was sent, behind the word "sent": "100 % of plan (4,200 of 4,200)". */
export function planWords({ planned, sent, closed }: Summary['schedule']): string {
  if (planned === 0 && closed !== null) return 'nothing by plan';
  return `${percent(planned === 0 ? 0 : sent / planned)} of plan (${grouped(sent)} of ${grouped(planned)})`;
}

/** The phase with the most attempts a request, and how many: null where there were no retries. */
export function retryWords({ amplification }: Pick<Summary, 'amplification'>): string | null {
  const retried = amplification.filter(({ retries }) => retries > 0);
  const [most] = retried.sort((a, b) => (b.client ?? 0) - (a.client ?? 0));
  if (most === undefined) return null;
  const { phase, client, requests, attempts } = most;
  return `${trim(client ?? 0, 1)} attempts a request in ${phase}: ${grouped(requests)} requests, ${grouped(attempts)} attempts`;
}

/** A share of requests; a dash where there were none. */
export function shareWords(share: number | null): string {
  return share === null ? '–' : percent(share);
}

/** Attempts a request; a dash where there were none. */
export function timesWords(times: number | null): string {
  return times === null ? '–' : trim(times, 2);
}

function rateWords(perSec: number): string {
  return `${trim(perSec, perSec < 10 ? 2 : 1)}/s`;
}
