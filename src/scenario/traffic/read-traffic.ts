import type { Checked } from '../../base/shape.ts';
import type { YamlFile } from '../../base/yaml.ts';
import { atCapacity } from './at-capacity.ts';
import { checkCalibrate } from './check-calibrate.ts';
import { checkArrivals, checkNames, checkPhases } from './check-traffic.ts';
import { makeTraffic } from './make-traffic.ts';
import { readReplays } from './replay-file.ts';
import type { ScenarioFile } from '../scenario-file.ts';
import type { Traffic } from './traffic.ts';

/** Reads `traffic:` of a file whose shape is sound, with the lists that it replays; says all that is wrong with it. */
export async function readTraffic(
  file: ScenarioFile,
  source: YamlFile,
  resolve: (path: string) => string,
): Promise<Checked<Traffic>> {
  const { replays, problems: unread } = await readReplays(file, source, resolve);
  const names = checkNames(file, source);
  const phases = [...checkPhases(file, source), ...checkCalibrate(file, source), ...unread];
  if (phases.length > 0) return { ok: false, problems: [...names, ...phases] };
  const traffic = makeTraffic(file.traffic, replays);
  // The capacity is not known yet; it is no less than what the first step of its measurement asks for.
  const least = atCapacity(traffic, file.calibrate?.start ?? 1);
  const problems = [...names, ...checkArrivals(least, source)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: traffic };
}
