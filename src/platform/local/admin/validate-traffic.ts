import {
  trafficTypes,
  type ServiceResource,
  type TrafficTarget,
} from '../../../contract/cloud-run/service-resource.ts';
import type { ServiceState } from './admin-backend.ts';
import type { Violation } from './api-error.ts';

/** What is wrong with the traffic of a service: its sum, its revisions, its tags. */
export function trafficProblems(wanted: ServiceResource, state: ServiceState): readonly Violation[] {
  const traffic = wanted.traffic ?? [];
  if (traffic.length === 0) return [];
  const known = new Set(state.revisions.map(({ name }) => name));
  if (wanted.template.revision !== undefined) known.add(wanted.template.revision);
  const lines = traffic.flatMap((target, index) => lineProblems(target, `traffic[${index}]`, known));
  const sum = traffic.reduce((total, { percent = 0 }) => total + percent, 0);
  const tags = traffic.flatMap(({ tag }) => tag ?? []);
  const twice = [...new Set(tags.filter((tag, index) => tags.indexOf(tag) !== index))];
  return [
    ...lines,
    ...(sum === 100 ? [] : [{ field: 'traffic', description: `percentages must sum to 100, got ${sum}` }]),
    ...twice.map((tag) => ({ field: 'traffic', description: `the tag "${tag}" is given twice` })),
  ];
}

function lineProblems(
  target: TrafficTarget,
  field: string,
  known: ReadonlySet<string>,
): readonly Violation[] {
  const { percent = 0, tag } = target;
  const problems = [...revisionProblems(target, field, known)];
  if (percent < 0 || percent > 100)
    problems.push({ field: `${field}.percent`, description: `must be between 0 and 100, got ${percent}` });
  if (tag !== undefined && !/^[a-z]([a-z0-9-]{0,44}[a-z0-9])?$/.test(tag))
    problems.push({
      field: `${field}.tag`,
      description: `must be lowercase letters, digits and dashes and start with a letter, got "${tag}"`,
    });
  return problems;
}

function revisionProblems(
  { type, revision }: TrafficTarget,
  where: string,
  known: ReadonlySet<string>,
): readonly Violation[] {
  const field = `${where}.revision`;
  if (revision === undefined)
    return type === trafficTypes.revision
      ? [{ field, description: `is required for ${trafficTypes.revision}` }]
      : [];
  if (type === trafficTypes.latest)
    return [{ field, description: `must not be set for ${trafficTypes.latest}` }];
  if (known.has(revision)) return [];
  const there = [...known].join(', ');
  return [{ field, description: `no such revision: "${revision}"; there are ${there}` }];
}
