import { formatMs, trim } from '../base/units.ts';
import type { PlannedCapacity } from '../plan/capacity.ts';
import type { RunPlan } from '../plan/run-plan.ts';

/** What is sent before and after the phases, a line each. */
export function besideWords({ scenario, capacity }: RunPlan): readonly string[] {
  const { calibrate, leakProbe, requests } = scenario;
  const lines: string[] = [];
  if (calibrate !== undefined) {
    const { startPerSec, factor, stepMs, maxSteps, again } = calibrate;
    const steps = `from ${trim(startPerSec, 2)}/s, x ${factor} every ${formatMs(stepMs)}, at most ${maxSteps} steps`;
    lines.push(`calibrate ${steps}${again ? '; again after the phases' : ''}`);
  }
  if (capacity !== undefined) lines.push(`capacity  ${trim(capacity.perSec, 2)}/s ${sourceWords(capacity)}`);
  if (leakProbe !== undefined)
    lines.push(
      `leaks     after the load, "${requests[leakProbe.route]?.name ?? ''}" at once on every session, ${formatMs(leakProbe.holdMs)} each`,
    );
  return lines;
}

function sourceWords({ by }: PlannedCapacity): string {
  if (by === 'measured') return 'as it was measured';
  const source =
    by === 'fleet' ? 'by the pools and the declared holds' : 'because no request declares its hold';
  return `${source}: rates and arrivals below change with what is measured`;
}
