import { serviceResource, type ServiceResource } from '../../../contract/cloud-run/service-resource.ts';
import { invalidArgument, type Violation } from './api-error.ts';
import type { ServiceState } from './admin-backend.ts';
import type { JsonObject } from '../../json.ts';
import { labelProblems } from './validate-labels.ts';
import { countProblems } from './validate-counts.ts';
import { templateProblems } from './validate-template.ts';
import { trafficProblems } from './validate-traffic.ts';

/**
 * The service as it shall be, checked. Only the fields at `changed` (top-level names) can be the client's fault:
 * what else is in the resource was there before. Throws INVALID_ARGUMENT that names each wrong field.
 */
export function validateService(
  wanted: JsonObject,
  changed: ReadonlySet<string>,
  state: ServiceState,
): ServiceResource {
  const parsed = serviceResource.safeParse(wanted);
  if (!parsed.success)
    throw invalidArgument(
      parsed.error.issues.map(({ path, message }) => ({
        field: fieldOf(path),
        description: wanted[String(path[0])] === undefined ? 'is required' : message,
      })),
    );
  const violations = problemsOf(parsed.data, state).filter(({ field }) => changed.has(rootOf(field)));
  if (violations.length > 0) throw invalidArgument(violations);
  return parsed.data;
}

function problemsOf(wanted: ServiceResource, state: ServiceState): readonly Violation[] {
  return [
    ...labelProblems('labels', wanted.labels, state.resource.labels),
    ...labelProblems('annotations', wanted.annotations, state.resource.annotations),
    ...templateProblems(wanted.template, state),
    ...countProblems('scaling', wanted.scaling),
    ...modeProblems(wanted),
    ...trafficProblems(wanted, state),
  ];
}

function modeProblems({ scaling }: ServiceResource): readonly Violation[] {
  if (scaling?.scalingMode !== 'MANUAL' || scaling.manualInstanceCount !== undefined) return [];
  return [{ field: 'scaling.manualInstanceCount', description: 'is required in scaling mode MANUAL' }];
}

function rootOf(field: string): string {
  return field.split(/[.[]/, 1)[0] ?? field;
}

/** `template.containers[0].image` */
function fieldOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}
