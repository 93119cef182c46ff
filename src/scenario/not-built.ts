import type { Problem } from '../base/errors.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { isResource } from './target/targets.ts';

/** What a client may do besides retrying; some people write it under retry. */
const clientParts = ['hedge', 'hedging', 'circuit_breaker', 'throttle'];

/** Keys of the language that are not built yet, by their path; `*` is any item of a list. */
const keys = new Map<string, readonly string[]>([
  ['', ['extends', 'baseline', 'repeat', 'outputs', 'matrix', 'rollout']],
  ['target', ['cloud_run', 'image', 'container', 'auth', 'scaling']],
  ['traffic', ['repeat']],
  ['traffic.phases.*', ['until', 'timeout']],
  ['requests.*', ['idempotent', 'capture']],
  ['client', clientParts],
  ['client.retry', clientParts],
  ['safety', ['allow_projects', 'max_rate', 'max_duration', 'production']],
]);

/** Values that are not built yet, of keys that are. */
const values: readonly { readonly path: string; what(value: unknown): string | undefined }[] = [
  { path: 'client.retry', what: policyNotBuilt },
  { path: 'client.retry.policy', what: policyNotBuilt },
  { path: 'client.retry.budget', what: budgetNotBuilt },
];

/** A value without what is not built yet, and a problem for each of those keys. */
export interface Built {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Takes out what is not built yet, so that it is not reported as unknown: it is planned, not a slip. */
export function withoutNotBuilt(value: unknown, source: YamlFile): Built {
  const problems: Problem[] = [];
  const refuse = (path: YamlPath, what: string): void =>
    void problems.push({
      message: `${what} is not built yet in this version`,
      place: source.placeOfKey(path),
      hint: `leave ${String(path.at(-1))} out`,
    });
  return { value: strip(value, [], refuse), problems };
}

function strip(value: unknown, path: YamlPath, refuse: (path: YamlPath, what: string) => void): unknown {
  if (Array.isArray(value)) return value.map((item, index) => strip(item, [...path, index], refuse));
  if (value === null || typeof value !== 'object' || isTakenAsItStands(path)) return value;
  const kept = Object.entries(value).filter(([key, item]) => {
    const what = missingAt([...path, key], item);
    if (what !== undefined) refuse([...path, key], what);
    return what === undefined;
  });
  return Object.fromEntries(kept.map(([key, item]) => [key, strip(item, [...path, key], refuse)]));
}

/** The contract has a reader of its own, and a resource is the Admin API's. */
function isTakenAsItStands(path: YamlPath): boolean {
  return path[0] === 'contract' || isResource(path);
}

/** What is not built at a path, in words; undefined if it is built or unknown. */
function missingAt(path: YamlPath, value: unknown): string | undefined {
  const name = path.join('.');
  const parent = path.slice(0, -1).map((step) => (typeof step === 'number' ? '*' : step));
  if (keys.get(parent.join('.'))?.includes(String(path.at(-1))) === true) return name;
  const what = values.find((one) => one.path === name)?.what(value);
  return what === undefined ? undefined : `${name}: ${what}`;
}

/** Faults that are planned for the database and its server. */
export const faultsNotBuilt: readonly string[] = ['db.down', 'db.failover'];

/** Policies that adapt to the service: to its rate, its rejections, the retries that are open. */
const policies = ['aws_adaptive', 'sre', 'envoy'];

function policyNotBuilt(value: unknown): string | undefined {
  return typeof value === 'string' && policies.includes(value) ? value : undefined;
}

/** Envoy's budget limits the retries that are open at once. */
function budgetNotBuilt(value: unknown): string | undefined {
  const own = ['budget_percent', 'min_retry_concurrency', 'max_retries'];
  return value !== null && typeof value === 'object' && own.some((key) => Object.hasOwn(value, key))
    ? 'a budget of retries open at once'
    : undefined;
}
