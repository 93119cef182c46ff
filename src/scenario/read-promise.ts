import type { Problem } from '../base/errors.ts';
import { loadYaml } from '../base/load-yaml.ts';
import type { Checked } from '../base/shape.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import type { ContractDraft } from '../contract/contract-draft.ts';
import type { Contract } from '../contract/contract.ts';
import { importService, isServiceYaml, type ServiceImport } from '../contract/import-service.ts';
import { mergeContract } from '../contract/merge-contract.ts';
import { readContractFile } from '../contract/read-contract-file.ts';
import { defaultStartupProbe, type StartupProbe } from '../contract/startup-probe.ts';
import { instanceEnv } from './instance-env.ts';

/** The contract of a scenario, and what its service.yaml says of instances. */
export interface Promised {
  readonly contract: Contract;
  /** The service that is run, by its name in the contract. */
  readonly service: string;
  readonly env: Readonly<Record<string, string>>;
  readonly startupProbe: StartupProbe;
}

type Resolve = (path: string) => string;

/** Reads the contract, inline or in its file, and service.yaml, and merges them. Tolerates a scenario of any shape. */
export async function readPromise(
  value: unknown,
  source: YamlFile,
  resolve: Resolve,
): Promise<Checked<Promised>> {
  const draft = await readDraft(fieldAt(value, ['contract']), source, resolve);
  const imported = await readService(fieldAt(value, ['target', 'local', 'service']), source, resolve);
  const env = instanceEnv(valueOf(imported)?.env ?? new Map(), ownEnv(value), source);
  const absent = draft === undefined && imported === undefined ? [missingContract(source)] : [];
  const problems = [...absent, ...problemsOf(draft), ...problemsOf(imported), ...env.problems];
  if (problems.length > 0) return { ok: false, problems };
  const merged = mergeContract({
    ...optional('draft', valueOf(draft)),
    ...optional('imported', valueOf(imported)),
    ...optional('chosen', chosenName(value, source)),
    env: env.env,
  });
  if (!merged.ok) return merged;
  const unclear = unclearTarget(merged.value.contract, value, valueOf(imported), source);
  if (unclear.length > 0) return { ok: false, problems: unclear };
  const warnings = [...(merged.value.contract.warnings ?? []), ...env.warnings];
  return {
    ok: true,
    value: {
      contract: { ...merged.value.contract, ...(warnings.length > 0 ? { warnings } : {}) },
      service: merged.value.target,
      env: Object.fromEntries([...env.env].map(([name, { value: text }]) => [name, text])),
      startupProbe: valueOf(imported)?.startupProbe ?? defaultStartupProbe,
    },
  };
}

function missingContract(source: YamlFile): Problem {
  return {
    message: 'contract: missing',
    place: source.placeOf([]),
    hint: 'name a connection budget or write it inline; a target.local.service that declares enough will do too',
  };
}

/** A source that may be absent: `undefined` then. */
type Source<T> = Checked<T> | undefined;

async function readDraft(given: unknown, source: YamlFile, resolve: Resolve): Promise<Source<ContractDraft>> {
  if (given === undefined) return undefined;
  if (typeof given !== 'string') return readContractFile(source, given, ['contract']);
  const place = source.placeOf(['contract']);
  const file = await loadYaml(resolve(given), place);
  if (file.problems.length > 0) return { ok: false, problems: file.problems };
  if (!isServiceYaml(file.value)) return readContractFile(file, file.value);
  const message = `contract: ${given} is a service.yaml, not a connection budget`;
  return { ok: false, problems: [{ message, place, hint: 'name it under target.local.service' }] };
}

async function readService(
  given: unknown,
  source: YamlFile,
  resolve: Resolve,
): Promise<Source<ServiceImport>> {
  if (typeof given !== 'string' || given === '') return undefined;
  const file = await loadYaml(resolve(given), source.placeOf(['target', 'local', 'service']));
  return file.problems.length > 0 ? { ok: false, problems: file.problems } : importService(file);
}

function ownEnv(value: unknown): Readonly<Record<string, string>> {
  const env = fieldAt(value, ['target', 'local', 'env']);
  const entries = env !== null && typeof env === 'object' ? Object.entries(env) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const namePath = ['target', 'local', 'name'];

function chosenName(value: unknown, source: YamlFile): Parameters<typeof mergeContract>[0]['chosen'] {
  const name = fieldAt(value, namePath);
  return typeof name === 'string' ? { value: name, place: source.placeOf(namePath) } : undefined;
}

function unclearTarget(
  contract: Contract,
  value: unknown,
  imported: ServiceImport | undefined,
  source: YamlFile,
): readonly Problem[] {
  const isNamed = imported?.name !== undefined || chosenName(value, source) !== undefined;
  if (contract.services.length === 1 || isNamed) return [];
  const names = contract.services.map((service) => service.name).join(', ');
  return [
    {
      message: `the contract has ${contract.services.length} services, and nothing says which one runs here`,
      place: source.placeOf(['target', 'local']),
      hint: `name one with target.local.name: ${names}`,
    },
  ];
}

function fieldAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (current, step) =>
      current !== null && typeof current === 'object' && Object.hasOwn(current, step)
        ? (current as Readonly<Record<string, unknown>>)[step]
        : undefined,
    value,
  );
}

function valueOf<T>(source: Source<T>): T | undefined {
  return source?.ok === true ? source.value : undefined;
}

function problemsOf(source: Source<unknown>): readonly Problem[] {
  return source === undefined || source.ok ? [] : source.problems;
}

function optional<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, T>>);
}
