import { dirname, isAbsolute, join, resolve } from 'node:path';
import { formatPlace, InputError, type Problem } from '../base/errors.ts';
import { loadYaml } from '../base/load-yaml.ts';
import { mapTexts } from '../base/secrets/redact.ts';
import { hide, shownSaid } from '../base/secrets/secrets.ts';
import { checkShape, type Checked } from '../base/shape.ts';
import type { YamlFile } from '../base/yaml.ts';
import { sortProblems } from '../base/sort-problems.ts';
import { checkTemplates } from './check-templates.ts';
import { literalSecrets } from './literal-secrets.ts';
import { interpolate, type Interpolated } from './interpolate.ts';
import { makeScenario, type Given } from './make-scenario.ts';
import { withoutNotBuilt } from './not-built.ts';
import { readParts, type Parts } from './read-parts.ts';
import { readPromise } from './read-promise.ts';
import { readTargets } from './target/read-targets.ts';
import { scenarioFile } from './scenario-file.ts';
import { secretsInSight } from './secrets-in-sight.ts';
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
  hide(filled.secrets);
  const built = withoutNotBuilt(filled.value, source);
  const early = [...filled.problems, ...checkTemplates(built.value, source)];
  const targets = await readTargets(built.value, source, resolveName);
  const promised = await readPromise(built.value, targets, source, resolveName);
  const checked = checkShape(scenarioFile, source, withoutContract(built.value));
  const at = { file, cwd: resolve(dirname(file)) };
  const setting = { promised, targets, source, cwd: at.cwd, resolve: resolveName };
  const parts = checked.ok ? await readParts(checked.value, setting) : undefined;
  const secrets = secretsIn(filled, parts);
  hide(secrets);
  const problems = [
    ...built.problems,
    ...problemsOf(checked),
    ...problemsOf(promised),
    ...(parts?.problems ?? []),
  ];
  if (early.length > 0 || problems.length > 0 || !checked.ok || !promised.ok || parts === undefined)
    throw new InputError(
      withoutSecrets(sortProblems([...early, ...elsewhere(problems, early)], file), filled, source),
    );
  const origin = { ...at, secrets, blotted: filled.blotted };
  const warnings = [...parts.warnings, ...secretsInSight(filled.value, filled.blotted)];
  const read = { contract: promised.value.contract, parts: { ...parts, warnings } };
  return makeScenario(checked.value, read, given, origin);
}

/** Each once: what was filled in, what was read, and what stands there as it is. */
function secretsIn({ value, secrets }: Interpolated, parts: Parts | undefined): readonly string[] {
  const read = parts === undefined ? [] : parts.secrets;
  const literal = literalSecrets([value, parts === undefined ? [] : parts.target.services]);
  return [...new Set([...secrets, ...read, ...literal])];
}

/** A problem with a value may quote it, however short it is: so it is told by its place. */
function withoutSecrets(
  problems: readonly Problem[],
  { blotted }: Interpolated,
  source: YamlFile,
): readonly Problem[] {
  const places = new Set(blotted.map(({ path }) => formatPlace(source.placeOf(path))));
  return problems.map((problem) => {
    const { place, ...words } = problem;
    if (place === undefined || !places.has(formatPlace(place))) return problem;
    return { ...mapTexts(words, shownSaid), place };
  });
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
