import { trim } from '../../base/units.ts';
import { attemptsSent } from '../facts/requests/schedule-counts.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * The requests suit the service:
 *
 *     attempts that ended in a 4xx other than 429 <= 0.1 % of those that were sent
 *
 * More than that means that a route or a body of the scenario is wrong, and such requests say nothing about the service.
 */

const limit = 0.001;

export interface ClientErrorInput {
  readonly sent: number;
  readonly errors: number;
  /** Of the first, in words; null where nothing is known. */
  readonly example: string | null;
}

export function checkClientErrors({ sent, errors, example }: ClientErrorInput): GuardResult {
  const value = sent === 0 ? 0 : errors / sent;
  const first = errors === 0 || example === null ? '' : `; the first: ${example}`;
  const reason = `${errors} of ${sent} attempts were refused as wrong requests (${trim(100 * value, 2)} %, limit 0.1 %)${first}`;
  return { ok: value <= limit, value, limit, unit: 'ratio', reason, disturbanceMs: null };
}

export const clientErrors = {
  id: 'V13',
  name: 'client-errors',
  title: 'requests suit the service',
  meaning: 'Few requests were answered with a client error (4xx).',
  provenance: 'observed',
  check: (run: RunFacts) => {
    const errors = run.notOk.filter(({ outcome }) => outcome === 'client_error');
    const [first] = errors;
    return checkClientErrors({
      sent: attemptsSent(run.evidence.attempts, run.notOk),
      errors: errors.length,
      example: first === undefined ? null : `${first.route} with status ${first.status ?? 'unknown'}`,
    });
  },
} as const satisfies Guard;
