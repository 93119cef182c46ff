import type { Problem } from '../base/errors.ts';
import { readText } from '../base/load-yaml.ts';
import type { YamlFile } from '../base/yaml.ts';
import type { ScenarioFile } from './scenario-file.ts';

/** A setup file that can't be read is said before Postgres is started for it. */
export async function setupProblems(
  file: ScenarioFile,
  source: YamlFile,
  resolve: (path: string) => string,
): Promise<readonly Problem[]> {
  const setup = file.postgres?.embedded.setup;
  if (setup === undefined) return [];
  const text = await readText(resolve(setup));
  if (text.ok) return [];
  return [{ message: text.why, place: source.placeOf(['postgres', 'embedded', 'setup']) }];
}
