import type { Problem } from '../base/errors.ts';
import type { Checked } from '../base/shape.ts';
import type { Contract } from './contract.ts';
import { declaredSumProblems } from './declared-sum.ts';
import { disagreement } from './disagreement.ts';
import { readEnvSettings, type SourcedEnv } from './env-settings.ts';
import { fillService, type FilledService } from './fill-service.ts';
import type { ServiceImport } from './import-service.ts';
import type { ContractDraft } from './contract-draft.ts';
import type { ServiceDraft, Settings, Sourced } from './service-draft.ts';
import { findTarget } from './find-target.ts';

/** Everything that says something about the contract. */
export interface ContractSources {
  /** The budget file, or the contract inline in a scenario. */
  readonly draft?: ContractDraft;
  /** A service.yaml: it speaks for one of the services. */
  readonly imported?: ServiceImport;
  /** The environment that instances of that service really get; service.yaml's own unless given. */
  readonly env?: SourcedEnv;
  /** Which of the contract's services is run, when no service.yaml says so. */
  readonly chosen?: Sourced<string>;
}

/** The contract, and the name of the service that service.yaml, environment or choice speak for. */
export interface MergedContract {
  readonly contract: Contract;
  readonly target: string;
}

/** Lays the sources over one another. Two that disagree on a value are a problem, shown with both places. */
export function mergeContract(sources: ContractSources): Checked<MergedContract> {
  const { imported } = sources;
  const services = servicesOf(sources);
  const target = findTarget(services, { chosen: sources.chosen, imported: imported?.name });
  const env = readEnvSettings(sources.env ?? imported?.env ?? new Map());
  const layers = services.map((service, index) =>
    index === target.index ? layerTarget(service, sources, env.settings) : { service, problems: [] },
  );
  const filled = layers.map(({ service }, index) =>
    fillService(service, index === target.index ? imported?.impliedOverlap : undefined),
  );
  const problems = [target, env, ...layers, ...filled].flatMap((one) => one.problems);
  const [first, ...rest] = filled;
  if (first === undefined || problems.length > 0) return { ok: false, problems };
  const timeout = timeoutWarnings(layers[target.index]?.service, imported);
  const contract = assemble([first, ...rest], sources, [...env.warnings, ...timeout]);
  const wrongSums = declaredSumProblems(sources.draft, contract);
  if (wrongSums.length > 0) return { ok: false, problems: wrongSums };
  return { ok: true, value: { contract, target: (filled[target.index] ?? first).service.name } };
}

/** The services of the contract; where only service.yaml speaks, the one it speaks for. */
function servicesOf({ draft, imported }: ContractSources): readonly ServiceDraft[] {
  if (draft !== undefined) return draft.services;
  return imported === undefined
    ? []
    : [{ place: imported.place, settings: new Map(), secondPools: [], match: {} }];
}

function assemble(
  [first, ...rest]: readonly [FilledService, ...FilledService[]],
  { draft, imported }: ContractSources,
  more: readonly string[],
): Contract {
  const warnings = [...(imported?.warnings ?? []), ...more];
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

function named(service: ServiceDraft, { chosen, imported }: ContractSources): ServiceDraft {
  const name = service.name ?? chosen ?? imported?.name;
  return name === undefined ? service : { ...service, name };
}

/** What service.yaml and the environment say, laid under what the contract says. */
function layerTarget(
  draft: ServiceDraft,
  sources: ContractSources,
  env: Settings,
): { readonly service: ServiceDraft; readonly problems: readonly Problem[] } {
  const settings = new Map(draft.settings);
  const problems: Problem[] = [];
  for (const [key, given] of [...(sources.imported?.settings ?? []), ...env]) {
    const before = settings.get(key);
    if (before === undefined) settings.set(key, given);
    problems.push(...disagreement(key, before, given));
  }
  return { service: { ...named(draft, sources), settings }, problems };
}
