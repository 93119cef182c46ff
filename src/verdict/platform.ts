import { platformTells, type PlatformRecord, type PlatformTells } from '../evidence/platform-record.ts';
import type { BoundResult } from './bound.ts';
import { result } from './bounds/result.ts';
import type { Facts } from './facts.ts';
import type { Summary } from './summary.ts';

/* What a verdict may say depends on what the platform lets a run know: all of that is decided here. */

/** What a platform may tell of a service. */
type Told = keyof Pick<PlatformTells, 'instances' | 'revisions'>;

/** Whether this run's platform tells it. */
export function isTold({ evidence: { run } }: Pick<Facts, 'evidence'>, what: Told): boolean {
  return platformTells(run.platform)[what];
}

/** Not applicable, with the reason, where the platform does not tell what a bound is about; null where it does. */
export function notTold(
  facts: Pick<Facts, 'evidence'>,
  what: Told,
  unit: BoundResult['unit'],
): BoundResult | null {
  if (isTold(facts, what)) return null;
  return result({ status: 'NOT_APPLICABLE', unit, reason: `${what} are not known at an address` });
}

/** Without an emulator everything was observed, whatever a bound rests on. */
export function withoutEmulator(summary: Summary, platform: PlatformRecord): Summary {
  if (platformTells(platform).emulated) return summary;
  const observed = <One extends { readonly provenance: string }>(
    one: One,
  ): One & { provenance: 'observed' } => ({
    ...one,
    provenance: 'observed',
  });
  return {
    ...summary,
    bounds: summary.bounds.map(observed),
    validity: summary.validity.map(observed),
    predictions: summary.predictions.map(observed),
  };
}

const emulatorWords = {
  cloudrun:
    "evidence: local. The emulator keeps Cloud Run's caps and documented limits; its autoscaler, front queue and overshoot are not Cloud Run's own",
  knative:
    "evidence: local. The emulator follows Knative's autoscaler and queues; Cloud Run's own are not the same, and its numbers are not predicted",
} as const;

/** What the reader must know of the platform that the evidence comes from. */
export function platformCaveats(platform: PlatformRecord): readonly string[] {
  if (platform.kind === 'url')
    return [
      'evidence: an address. Instances, revisions and whatever queues in front of the service are not known: what they did counts as the service',
      'the service was not started for the run: what others asked of it meanwhile is in the numbers too',
    ];
  return [
    emulatorWords[platform.profile],
    'what carries over to the real platform: that overlap does no harm, the arithmetic of connections, how SIGTERM is handled, which statuses a full queue gives. What does not: absolute latency, throughput, and when how many instances are there',
  ];
}
