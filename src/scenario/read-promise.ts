import type { Problem } from '../base/errors.ts';
import { loadYaml } from '../base/load-yaml.ts';
import type { Checked } from '../base/shape.ts';
import type { YamlFile } from '../base/yaml.ts';
import type { ContractDraft } from '../contract/contract-draft.ts';
import type { Contract, ServiceContract } from '../contract/contract.ts';
import { mergeContract, type TargetSources } from '../contract/merge-contract.ts';
import { readContractFile } from '../contract/read-contract-file.ts';
import { isServiceYaml } from '../contract/cloud-run/yaml-layout.ts';
import type { ReadTarget } from './target/read-targets.ts';
import { fieldAt } from './target/targets.ts';

/** The contract of a scenario, and the services that run, by their names in it. */
export interface Promised {
  readonly contract: Contract;
  /** The one that load is sent at comes first. */
  readonly services: readonly [string, ...string[]];
}

type Resolve = (path: string) => string;

type Targets = readonly [ReadTarget, ...ReadTarget[]];

/** Reads the contract, inline or from its file, and merges it with what the scenario says of its services. */
export async function readPromise(
  value: unknown,
  targets: Targets,
  source: YamlFile,
  resolve: Resolve,
): Promise<Checked<Promised>> {
  const draft = await readDraft(fieldAt(value, ['contract']), source, resolve);
  const isAbsent = draft === undefined && targets.every(({ imported }) => imported === undefined);
  const problems = [
    ...(isAbsent && targets.every((target) => target.problems.length === 0) ? [missingContract(source)] : []),
    ...(draft?.ok === false ? draft.problems : []),
    ...targets.flatMap((target) => target.problems),
    ...namelessOthers(targets, source),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const merged = mergeContract({
    ...(draft?.ok === true ? { draft: draft.value } : {}),
    targets: targets.map(sourcesOf),
  });
  if (!merged.ok) return merged;
  const [first = '', ...others] = merged.value.targets;
  return promisedOf(merged.value.contract, [first, ...others], targets, source);
}

function promisedOf(
  merged: Contract,
  names: readonly [string, ...string[]],
  targets: Targets,
  source: YamlFile,
): Checked<Promised> {
  const contract = names.length > 1 ? withRoles(merged, names) : merged;
  const unclear = [
    ...unclearTarget(contract, targets[0], source),
    ...twice(names, targets, source),
    ...sharedRoles(contract, names, targets, source),
  ];
  if (unclear.length > 0) return { ok: false, problems: unclear };
  return { ok: true, value: { contract, services: names } };
}

function sourcesOf({ imported, chosen, env }: ReadTarget): TargetSources {
  return {
    ...(imported === undefined ? {} : { imported }),
    ...(chosen === undefined ? {} : { chosen }),
    env,
  };
}

function missingContract(source: YamlFile): Problem {
  return {
    message: 'contract: missing',
    place: source.placeOf([]),
    hint: 'name a connection budget or write it inline; a target.local.service that declares enough will do too',
  };
}

async function readDraft(
  given: unknown,
  source: YamlFile,
  resolve: Resolve,
): Promise<Checked<ContractDraft> | undefined> {
  if (given === undefined) return undefined;
  if (typeof given !== 'string') return readContractFile(source, given, ['contract']);
  const place = source.placeOf(['contract']);
  const file = await loadYaml(resolve(given), place);
  if (file.problems.length > 0) return { ok: false, problems: file.problems };
  if (!isServiceYaml(file.value)) return readContractFile(file, file.value);
  const message = `contract: ${given} is a service.yaml, not a connection budget`;
  return { ok: false, problems: [{ message, place, hint: 'name it under target.local.service' }] };
}

function isNamed({ imported, chosen }: ReadTarget): boolean {
  return imported?.name !== undefined || chosen !== undefined;
}

function namelessOthers([, ...others]: Targets, source: YamlFile): readonly Problem[] {
  return others
    .filter((other) => !isNamed(other))
    .map(({ path }) => ({
      message: `${path.join('.')}: nothing says which of the contract's services this is`,
      place: source.placeOf(path),
      hint: 'give it a name',
    }));
}

function unclearTarget(contract: Contract, target: ReadTarget, source: YamlFile): readonly Problem[] {
  if (contract.services.length === 1 || isNamed(target)) return [];
  const names = contract.services.map((service) => service.name).join(', ');
  return [
    {
      message: `the contract has ${contract.services.length} services, and nothing says which one runs here`,
      place: source.placeOf(target.path),
      hint: `name one with ${[...target.path, 'name'].join('.')}: ${names}`,
    },
  ];
}

function twice(names: readonly string[], targets: Targets, source: YamlFile): readonly Problem[] {
  return targets.flatMap(({ path }, index) => {
    const name = names[index] ?? '';
    if (names.indexOf(name) === index) return [];
    return [{ message: `the service "${name}" is run twice`, place: source.placeOf(path) }];
  });
}

/** Several services are told apart by their roles; by default each role has the name of its service. */
function withRoles(contract: Contract, names: readonly string[]): Contract {
  const withRole = (service: ServiceContract): ServiceContract =>
    names.includes(service.name)
      ? { ...service, match: { ...service.match, role: service.match.role ?? service.name } }
      : service;
  const [first, ...rest] = contract.services;
  return { ...contract, services: [withRole(first), ...rest.map(withRole)] };
}

function sharedRoles(
  contract: Contract,
  names: readonly string[],
  targets: Targets,
  source: YamlFile,
): readonly Problem[] {
  const roles = names.map((name) => contract.services.find((one) => one.name === name)?.match.role);
  return targets.flatMap(({ path }, index) => {
    const role = roles[index];
    const other = names[roles.indexOf(role)] ?? '';
    if (role === undefined || roles.indexOf(role) === index || other === names[index]) return [];
    return [
      {
        message: `the services "${other}" and "${names[index] ?? ''}" share the role "${role}": their sessions can't be told apart`,
        place: source.placeOf(path),
        hint: 'give each its own with match: { role: ... } in the contract',
      },
    ];
  });
}
