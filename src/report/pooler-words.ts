import { formatMs } from '../base/units.ts';
import type { Summary } from '../verdict/summary/summary.ts';

type Pooler = Summary['poolers'][number];

/** Whether a sum fits its limit. */
export function fitWords(fits: boolean | null): string {
  if (fits === null) return '– not known';
  return fits ? '✓ fits' : '✗ does not';
}

/** What a pooler's console showed of waiting. */
export function waitWords({
  name,
  looks,
  failed,
  waiting_peak: waiting,
  longest_wait_ms: wait,
  ...rest
}: Pooler): string {
  if (looks === 0) return `${name}: its console was never reached (${failed} failed looks).`;
  const limit = rest.query_wait_ms === null ? '' : `; its own limit is ${formatMs(rest.query_wait_ms)}`;
  return `${name}: at most ${waiting ?? 0} clients waited at once, the longest seen for ${formatMs(wait ?? 0)}${limit}. ${looks} looks, ${failed} failed.`;
}

/** Who the clients were, the most first; null where no console said. */
export function comerWords({ comers = [] }: Pooler): string | null {
  if (comers.length === 0) return null;
  const each = comers.map(
    ({ application_name: name, address, peak }) =>
      `${name === '' ? 'without a name' : name} from ${address} ${peak}`,
  );
  return `Clients of one at the peak, by name: ${each.join(', ')}.`;
}
