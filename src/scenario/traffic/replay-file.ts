import { resolve as absolute } from 'node:path';
import type { Problem } from '../../base/errors.ts';
import { readText } from '../../base/load-yaml.ts';
import { formatMs, trim } from '../../base/units.ts';
import type { YamlFile } from '../../base/yaml.ts';
import { readReplayLines, type Recorded } from './replay-lines.ts';
import type { PhaseInFile } from './phase-codec.ts';
import type { ReadReplay } from './traffic.ts';

/** The recorded lists, by the index of their phase. */
export interface ReadReplays {
  readonly replays: ReadonlyMap<number, ReadReplay>;
  readonly problems: readonly Problem[];
}

type Orders = NonNullable<PhaseInFile['replay']>;

/** Reads every list that a phase replays and fits it into the phase. */
export async function readReplays(
  phases: readonly PhaseInFile[],
  routes: readonly string[],
  source: YamlFile,
  resolve: (path: string) => string,
): Promise<ReadReplays> {
  const replays = new Map<number, ReadReplay>();
  const problems: Problem[] = [];
  for (const [index, { replay, duration }] of phases.entries()) {
    if (replay === undefined) continue;
    const place = source.placeOf(['traffic', 'phases', index, 'replay', 'file']);
    const file = resolve(replay.file);
    const text = await readText(file);
    if (!text.ok) {
      problems.push({ message: text.why, place });
      continue;
    }
    const list = readReplayLines(text.value, file, routes);
    problems.push(...list.problems);
    if (list.problems.length > 0) continue;
    const fitting = fit(list.arrivals, replay, duration);
    if ('wrong' in fitting) problems.push({ ...fitting.wrong, place });
    else replays.set(index, { ...fitting, file: absolute(file) });
  }
  return { replays, problems };
}

type Fitting = Omit<ReadReplay, 'file'> | { readonly wrong: Problem };

/** Counts times from the first one. A list longer than its phase is refused: cut, it would be another load. */
function fit(arrivals: readonly Recorded[], { file, speed = 1 }: Orders, durationMs: number): Fitting {
  const startUs = arrivals[0]?.us ?? 0;
  const atUs = arrivals.map(({ us }) => Math.floor((us - startUs) / speed));
  const late = atUs.filter((us) => us >= Math.floor(durationMs * 1000)).length;
  const lastMs = (atUs.at(-1) ?? 0) / 1000;
  if (atUs.length === 0) return { wrong: { message: `${file} holds no arrival` } };
  if (late === 0) return { speed, atUs, routes: arrivals.map(({ route }) => route) };
  const message = `${late} of ${atUs.length} arrivals in ${file} come after the end of the phase, ${formatMs(durationMs)}`;
  const faster = Math.ceil((speed * lastMs * 1010) / durationMs) / 1000;
  const hint = `the last comes at ${formatMs(lastMs)}: a longer duration or speed: ${trim(faster, 3)} takes them all`;
  return { wrong: { message, hint } };
}
