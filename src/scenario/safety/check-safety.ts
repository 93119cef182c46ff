import type { Problem } from '../../base/errors.ts';
import type { YamlFile } from '../../base/yaml.ts';
import { checkDestructive } from './check-destructive.ts';
import { checkHosts } from './check-hosts.ts';
import type { ScenarioFile } from '../scenario-file.ts';

/** What the scenario would touch against what its `safety:` allows. */
export function checkSafety(file: ScenarioFile, source: YamlFile): readonly Problem[] {
  return [...checkLoopback(file, source), ...checkHosts(file, source), ...checkDestructive(file, source)];
}

/** The emulator listens on loopback: a list of hosts that leaves it out forbids the run. */
function checkLoopback({ target, safety }: ScenarioFile, source: YamlFile): readonly Problem[] {
  const hosts = safety?.allow_hosts;
  if (target.local === undefined || hosts === undefined || hosts.includes('127.0.0.1')) return [];
  return [
    {
      message: 'target.local is driven on 127.0.0.1, which safety.allow_hosts does not list',
      place: source.placeOf(['safety', 'allow_hosts']),
    },
  ];
}
