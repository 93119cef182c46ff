import type { Checked } from '../../base/shape.ts';
import type { YamlFile } from '../../base/yaml.ts';
import { atCapacity } from './at-capacity.ts';
import type { Calibrate } from './calibrate.ts';
import { checkCalibrate } from './check-calibrate.ts';
import { checkArrivals, checkPhaseNames, checkPhases } from './check-traffic.ts';
import { readReplays } from './replay-file.ts';
import { makeTraffic, type TrafficInFile } from './traffic-codec.ts';
import type { Traffic } from './traffic.ts';

/** What stands around `traffic:`. */
export interface TrafficSetting {
  readonly calibrate: Calibrate | undefined;
  /** The names of all requests, which recorded lists refer to. */
  readonly routes: readonly string[];
  readonly source: YamlFile;
  /** Turns a path in the scenario into one that can be opened. */
  readonly resolve: (path: string) => string;
}

/** Reads `traffic:` whose shape is sound, with the lists that it replays; says all that is wrong with it. */
export async function readTraffic(given: TrafficInFile, setting: TrafficSetting): Promise<Checked<Traffic>> {
  const { calibrate, routes, source, resolve } = setting;
  const { replays, problems: unread } = await readReplays(given.phases, routes, source, resolve);
  const names = checkPhaseNames(given, source);
  const phases = [
    ...checkPhases(given, source),
    ...checkCalibrate(calibrate, given.phases, source),
    ...unread,
  ];
  if (phases.length > 0) return { ok: false, problems: [...names, ...phases] };
  const traffic = makeTraffic(given, replays);
  // The capacity is not known yet; it is no less than what the first step of its measurement asks for.
  const least = atCapacity(traffic, calibrate?.startPerSec ?? 1);
  const problems = [...names, ...checkArrivals(least, source)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: traffic };
}
