import { dirname, isAbsolute, join, resolve } from 'node:path';
import { formatPlace, InputError, type Problem } from '../base/errors.ts';
import { loadYaml } from '../base/load-yaml.ts';
import { redact } from '../base/redact.ts';
import { checkShape, type Checked } from '../base/shape.ts';
import { sortProblems } from '../base/sort-problems.ts';
import { checkTemplates } from './check-templates.ts';
import { interpolate } from './interpolate.ts';
import { makeScenario, type Given } from './make-scenario.ts';
import { withoutNotBuilt } from './not-built.ts';
import { readParts } from './read-parts.ts';
import { readPromise } from './read-promise.ts';
import { readTargets } from './target/read-targets.ts';
import { scenarioFile } from './scenario-file.ts';
import type { Scenario } from './scenario.ts';

/** What the command line and the shell add to the file. */
export interface Surroundings extends Given {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Loads a scenario with its contract and service.yaml: interpolated, checked, merged, defaulted.
 * Throws one `InputError` with everything that is wrong in all the files, each problem with its place.
 */
export async function loadScenario(file: string, given: Surroundings): Promise<Scenario> {
  const source = await loadYaml(file);
  if (source.problems.length > 0) throw new InputError(source.problems);
  // Relative names stay relative in messages, as the person wrote them.
  const resolveName = (path: string): string => resolveFrom(dirname(file), path);
  const filled = await interpolate(source, { env: given.env, resolve: resolveName });
  const built = withoutNotBuilt(filled.value, source);
  const early = [...filled.problems, ...checkTemplates(built.value, source)];
  const targets = await readTargets(built.value, source, resolveName);
  const promised = await readPromise(built.value, targets, source, resolveName);
  const checked = checkShape(scenarioFile, source, withoutContract(built.value));
  const at = { file, cwd: resolve(dirname(file)) };
  const setting = { promised, targets, source, cwd: at.cwd, resolve: resolveName };
  const parts = checked.ok ? await readParts(checked.value, setting) : undefined;
  const problems = [
    ...built.problems,
    ...problemsOf(checked),
    ...problemsOf(promised),
    ...(parts?.problems ?? []),
  ];
  const secrets = [...filled.secrets, ...(parts?.secrets ?? [])];
  if (early.length > 0 || problems.length > 0 || !checked.ok || !promised.ok || parts === undefined)
    throw new InputError(redact(sortProblems([...early, ...elsewhere(problems, early)], file), secrets));
  return makeScenario(checked.value, { contract: promised.value.contract, parts }, given, { ...at, secrets });
}

function resolveFrom(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/** The contract has its own reader, so that it is checked whatever else is wrong with the file. */
function withoutContract(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'contract'));
}

function problemsOf(checked: Checked<unknown>): readonly Problem[] {
  return checked.ok ? [] : checked.problems;
}

/** A value that could not be filled in breaks other rules too; its cause is enough. */
function elsewhere(problems: readonly Problem[], causes: readonly Problem[]): readonly Problem[] {
  const told = new Set(causes.map((problem) => placeKey(problem)));
  return problems.filter((problem) => problem.place === undefined || !told.has(placeKey(problem)));
}

function placeKey({ place }: Problem): string {
  return place === undefined ? '' : formatPlace(place);
}
