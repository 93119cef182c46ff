import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { compact, type Reading } from './reading.ts';
import { trafficTypes, type TrafficTarget } from './service-resource.ts';
import type { TrafficYaml } from './service-yaml.ts';

/** Reads `spec.traffic`. */
export function readTraffic(
  given: TrafficYaml,
  source: YamlFile,
  path: YamlPath,
): Reading<readonly TrafficTarget[]> {
  const sum = given.reduce((total, { percent = 0 }) => total + percent, 0);
  const unclear = given.flatMap(({ latestRevision, revisionName }, index): Problem[] => {
    if ((latestRevision === true) !== (revisionName !== undefined)) return [];
    const message = 'spec.traffic: each line needs either latestRevision: true or a revisionName';
    return [{ message, place: source.placeOf([...path, index]) }];
  });
  const tags = given.flatMap(({ tag }) => tag ?? []);
  const twice = new Set(tags.filter((tag, index) => tags.indexOf(tag) < index));
  return {
    value: given.map(({ revisionName, percent, tag }) =>
      compact({
        type: revisionName === undefined ? trafficTypes.latest : trafficTypes.revision,
        revision: revisionName,
        percent,
        tag,
      }),
    ),
    problems: [
      ...unclear,
      ...(given.length > 0 && sum !== 100
        ? [{ message: `spec.traffic: the percentages sum to ${sum}, not 100`, place: source.placeOf(path) }]
        : []),
      ...[...twice].map((tag) => ({
        message: `spec.traffic: the tag "${tag}" stands twice`,
        place: source.placeOf(path),
      })),
    ],
    warnings: [],
  };
}
