import { platformTells, type PlatformRecord } from '../../evidence/record/platform-record.ts';
import type { Summary } from './summary.ts';

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
