import type { Place } from '../../../src/base/errors.ts';
import type { Checked } from '../../../src/base/shape.ts';
import { parseYaml } from '../../../src/base/yaml.ts';
import { importService, type ServiceImport } from '../../../src/contract/cloud-run/import-service.ts';

/** A service.yaml with these parts, and otherwise nothing that could be wrong. */
export interface Wanted {
  /** Annotations of the service and of its template. */
  readonly service?: string;
  readonly template?: string;
  readonly spec?: string;
  readonly container?: string;
  readonly containers?: string;
  readonly traffic?: string;
}

/** Reads it. */
export function read(wanted: Wanted): Checked<ServiceImport> {
  return importService(parseYaml(textOf(wanted), 'service.yaml'));
}

/** What it declares; throws where something is wrong with it. */
export function imported(wanted: Wanted): ServiceImport {
  const result = read(wanted);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** What is wrong with it: the word that each problem points at, its message, and its hint. */
export function problems(wanted: Wanted): readonly string[] {
  const result = read(wanted);
  if (result.ok) return [];
  return result.problems.map(({ place, message, hint }) =>
    [wordAt(wanted, place), message, ...(hint === undefined ? [] : [hint])].join(' | '),
  );
}

/** The word that stands at a place. */
export function wordAt(wanted: Wanted, place: Place | undefined): string {
  const line = textOf(wanted).split('\n')[(place?.line ?? 0) - 1] ?? '';
  return /^'?[^,}\]']*/.exec(line.slice((place?.column ?? 1) - 1))?.[0].trim() ?? '';
}

function textOf(wanted: Wanted): string {
  const { service = '', template = '', spec = '', container = '', containers, traffic } = wanted;
  const list = containers ?? `[{ image: api, ${container} }]`;
  return [
    `apiVersion: serving.knative.dev/v1`,
    `kind: Service`,
    `metadata: { name: api, annotations: { ${service} } }`,
    `spec:`,
    `  template:`,
    `    metadata: { annotations: { ${template} } }`,
    `    spec: { ${spec === '' ? '' : `${spec}, `}containers: ${list} }`,
    ...(traffic === undefined ? [] : [`  traffic: ${traffic}`]),
  ].join('\n');
}
