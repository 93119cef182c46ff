import type { Problem } from '../base/errors.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import type { ScenarioFile } from './scenario-file.ts';

/** A schedule is held in memory whole. */
const mostArrivals = 10_000_000;

/** What no shape can say of traffic: names that tell apart, and arrivals that there are and that fit. */
export function checkTraffic({ traffic, requests }: ScenarioFile, source: YamlFile): readonly Problem[] {
  const arrivals = traffic.phases.reduce(
    (total, { duration, rate, ramp_to: rampTo = rate }) => total + (duration / 1000) * ((rate + rampTo) / 2),
    0,
  );
  const place = source.placeOfKey(['traffic', 'phases']);
  return [
    ...duplicates('phase', traffic.phases, ['traffic', 'phases'], source),
    ...duplicates('request', requests, ['requests'], source),
    ...(arrivals < 1 ? [{ message: 'the phases together plan no arrival', place }] : []),
    ...(arrivals > mostArrivals
      ? [{ message: `the phases plan ${Math.round(arrivals)} arrivals, more than ${mostArrivals}`, place }]
      : []),
  ];
}

function duplicates(
  noun: string,
  items: readonly { readonly name: string }[],
  path: YamlPath,
  source: YamlFile,
): readonly Problem[] {
  return items.flatMap(({ name }, index) =>
    items.findIndex((item) => item.name === name) < index
      ? [
          {
            message: `two ${noun}s are called "${name}"`,
            place: source.placeOf([...path, index, 'name']),
          },
        ]
      : [],
  );
}
