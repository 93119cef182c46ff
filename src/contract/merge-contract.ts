import type { Problem } from '../base/errors.ts';
import type { Checked } from '../base/shape.ts';
import type { Contract } from './contract.ts';
import { declaredSumProblems } from './declared-sum.ts';
import { disagreement } from './disagreement.ts';
import { readEnvSettings, type SourcedEnv } from './cloud-run/env-settings.ts';
import { fillService, type FilledService } from './fill-service.ts';
import type { ServiceImport } from './cloud-run/import-service.ts';
import type { ContractDraft } from './contract-draft.ts';
import type { ServiceDraft, Settings, Sourced } from './service-draft.ts';
import { findTarget, type TargetNames } from './find-target.ts';

/** What speaks for one of the services: a service.yaml, an environment, a choice of name. */
export interface TargetSources {
  readonly imported?: ServiceImport;
  /** The environment that instances of that service really get; service.yaml's own unless given. */
  readonly env?: SourcedEnv;
  /** Which of the contract's services is meant, when no service.yaml says so. */
  readonly chosen?: Sourced<string>;
}

/** Everything that says something about the contract. */
export interface ContractSources {
  /** The budget file, or the contract inline in a scenario. */
  readonly draft?: ContractDraft;
  readonly targets: readonly TargetSources[];
}

/** The contract, and for each of the targets the name of the service that it speaks for. */
export interface MergedContract {
  readonly contract: Contract;
  readonly targets: readonly string[];
}

/** Lays the sources over one another. Two that disagree on a value are a problem, shown with both places. */
export function mergeContract(sources: ContractSources): Checked<MergedContract> {
  const { draft, targets } = sources;
  const services = servicesOf(sources);
  const found = targets.map((target) => findTarget(services, namesOf(target)));
  const envs = targets.map((target) => readEnvSettings(target.env ?? target.imported?.env ?? new Map()));
  const layers = services.map((service, index) => layerAll(service, index, { targets, found, envs }));
  const filled = layers.map(({ service, impliedOverlap }) => fillService(service, impliedOverlap));
  const problems = [...found, ...envs, ...layers, ...filled].flatMap((one) => one.problems);
  const [first, ...rest] = filled;
  if (first === undefined || problems.length > 0) return { ok: false, problems };
  const warnings = [
    ...targets.flatMap(({ imported }) => imported?.warnings ?? []),
    ...envs.flatMap((env) => env.warnings),
    ...targets.flatMap(({ imported }, at) =>
      timeoutWarnings(layers[found[at]?.index ?? -1]?.service, imported),
    ),
  ];
  const contract = assemble([first, ...rest], draft, warnings);
  const wrongSums = declaredSumProblems(draft, contract);
  if (wrongSums.length > 0) return { ok: false, problems: wrongSums };
  const names = found.map(({ index }) => (filled[index] ?? first).service.name);
  return { ok: true, value: { contract, targets: names } };
}

/** The services of the contract; where only service.yaml speaks, the ones that it speaks for. */
function servicesOf({ draft, targets }: ContractSources): readonly ServiceDraft[] {
  if (draft !== undefined) return draft.services;
  return targets.flatMap(({ imported, chosen }) => {
    if (imported === undefined) return [];
    const name = targets.length > 1 ? (imported.name ?? chosen) : undefined;
    const place = imported.place;
    return [{ place, settings: new Map(), secondPools: [], match: {}, ...(name && { name }) }];
  });
}

function namesOf({ chosen, imported }: TargetSources): TargetNames {
  return { chosen, imported: imported?.name };
}

function assemble(
  [first, ...rest]: readonly [FilledService, ...FilledService[]],
  draft: ContractDraft | undefined,
  warnings: readonly string[],
): Contract {
  return {
    services: [first.service, ...rest.map((one) => one.service)],
    headroom: draft?.headroom ?? [],
    assumed: [first, ...rest].flatMap((one) => one.assumed),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** Cloud Run would give a request ten times what is assumed here. */
function timeoutWarnings(service: ServiceDraft | undefined, imported: ServiceImport | undefined): string[] {
  if (imported === undefined || service?.settings.has('request_timeout_seconds') === true) return [];
  return ['service.yaml declares no timeoutSeconds, for which Cloud Run takes 300; 30 is assumed here'];
}

function named(service: ServiceDraft, { chosen, imported }: TargetSources): ServiceDraft {
  const name = service.name ?? chosen ?? imported?.name;
  return name === undefined ? service : { ...service, name };
}

/** The targets, which service each of them means, and what its environment says. */
interface Speakers {
  readonly targets: readonly TargetSources[];
  readonly found: readonly { readonly index: number }[];
  readonly envs: readonly { readonly settings: Settings }[];
}

/** A service with all that is said about it laid under what the contract says. */
interface Layered {
  readonly service: ServiceDraft;
  readonly impliedOverlap?: number;
  readonly problems: readonly Problem[];
}

function layerAll(draft: ServiceDraft, index: number, { targets, found, envs }: Speakers): Layered {
  return targets.reduce<Layered>(
    (layered, target, at) =>
      found[at]?.index === index ? layerTarget(layered, target, envs[at]?.settings) : layered,
    { service: draft, problems: [] },
  );
}

function layerTarget(under: Layered, target: TargetSources, env: Settings = new Map()): Layered {
  const settings = new Map(under.service.settings);
  const problems: Problem[] = [...under.problems];
  for (const [key, given] of [...(target.imported?.settings ?? []), ...env]) {
    const before = settings.get(key);
    if (before === undefined) settings.set(key, given);
    problems.push(...disagreement(key, before, given));
  }
  const impliedOverlap = target.imported?.impliedOverlap;
  return {
    service: { ...named(under.service, target), settings },
    ...(impliedOverlap === undefined ? {} : { impliedOverlap }),
    problems,
  };
}
