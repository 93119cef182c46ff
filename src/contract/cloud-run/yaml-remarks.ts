import type { Metadata } from './service-yaml.ts';

/** Namespaces whose keys the Admin API has typed fields for, or writes itself. */
const reserved = [
  'run.googleapis.com',
  'cloud.googleapis.com',
  'serving.knative.dev',
  'autoscaling.knative.dev',
];

/** Labels or annotations that are the person's own; undefined where there are none. */
export function ownRemarks(
  given: Metadata['labels'],
  also: readonly string[] = [],
): Readonly<Record<string, string>> | undefined {
  const kept = Object.entries(given ?? {}).filter(([key]) => isOwn(key) || also.includes(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map(([key, value]) => [key, String(value)]));
}

/** What tunes the Knative autoscaler and has no field of its own: all but the bounds of the fleet. */
export function knativeTuning({ annotations = {} }: Metadata): readonly string[] {
  return Object.keys(annotations).filter((key) =>
    /^autoscaling\.knative\.dev\/(?!(?:min|max)(?:Scale|-scale)$)/.test(key),
  );
}

function isOwn(key: string): boolean {
  return !reserved.includes(key.split('/')[0] ?? '');
}

/** An annotation that is read as text, whatever YAML made of it. */
export function annotation({ annotations = {} }: Metadata, name: string): string | undefined {
  const given = annotations[`run.googleapis.com/${name}`];
  return given === undefined ? undefined : String(given);
}
