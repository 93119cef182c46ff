import type { Problem } from '../../base/errors.ts';
import type { YamlFile } from '../../base/yaml.ts';
import { checkDestructive } from './check-destructive.ts';
import { checkHosts } from './check-hosts.ts';
import type { ScenarioFile } from '../scenario-file.ts';
import type { SafetyInFile } from './safety-codec.ts';

/** What the scenario would touch against what its `safety:` allows. */
export function checkSafety(
  {
    target,
    chaos = [],
    postgres = {},
    safety = {},
  }: Pick<ScenarioFile, 'target' | 'chaos' | 'postgres' | 'safety'>,
  source: YamlFile,
): readonly Problem[] {
  return [
    ...(target.local === undefined ? [] : checkLoopback(safety, source)),
    ...checkHosts(postgres, safety, source),
    ...checkDestructive(chaos, { postgres, safety }, source),
  ];
}

/** The emulator listens on loopback: a list of hosts that leaves it out forbids the run. */
function checkLoopback({ allow_hosts: hosts }: SafetyInFile, source: YamlFile): readonly Problem[] {
  if (hosts === undefined || hosts.includes('127.0.0.1')) return [];
  return [
    {
      message: 'target.local is driven on 127.0.0.1, which safety.allow_hosts does not list',
      place: source.placeOf(['safety', 'allow_hosts']),
    },
  ];
}
