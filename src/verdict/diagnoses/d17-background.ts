import { formatMs, trim } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { isWithin, quietSpans } from '../facts/requests/open-attempts.ts';
import { ownSamples } from '../facts/sessions/own-samples.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * There were no requests for longer than a statement may last, yet sessions of the service are at work, steadily and
 * more than its contract declares: background work that takes its sessions from the same budget as requests.
 */

const minSamples = 10;
/** The share of the quiet in which it must be at work to be steady. */
const steady = 0.5;

export const background = {
  id: 'D17',
  title: 'background work competes with requests for sessions',
  question: null,
  diagnose: ({ run, service }) => {
    const spans = quietSpans(run, service);
    const quiet = ownSamples(run, service).filter(({ tUs }) => isWithin(spans, tUs));
    if (quiet.length < minSamples) return null;
    const declared = service.contract.backgroundSessions;
    const atWork = quiet.map((one) => one.active + one.inTransaction);
    const over = atWork.filter((count) => count > declared);
    const share = over.length / quiet.length;
    if (share < steady) return null;
    const most = atWork.reduce((peak, count) => Math.max(peak, count), 0);
    const quietMs = spans.reduce((sum, span) => sum + span.toUs - span.fromUs, 0) / 1000;
    return {
      confidence: share >= 0.8 ? 'high' : 'medium',
      lever: `a role and a budget line of its own for the background work; until then declare background sessions: ${most}`,
      evidence: [
        `in ${formatMs(quietMs)} without any request sessions were at work in ${trim(100 * share, 0)} % of ${quiet.length} samples`,
        `up to ${most} at once; declared for the background are ${declared}`,
      ],
      confirm: 'pause the worker: without requests nothing may be at work',
      whatIf: [
        whatIf(run, service, `background sessions ${declared} -> ${most}, as it is`, {
          backgroundSessions: most,
        }),
      ],
    };
  },
} as const satisfies Diagnosis;
