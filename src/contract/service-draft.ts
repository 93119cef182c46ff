import type { Place } from '../base/errors.ts';
import type { SessionMatch } from './contract.ts';

/** A value and the place where somebody wrote it. */
export interface Sourced<T> {
  readonly value: T;
  readonly place: Place;
}

/** The numbers of one service's contract, by the names they have in the contract file. */
export const settingKeys = [
  'max_instances',
  'min_instances',
  'container_concurrency',
  'app_workers_per_instance',
  'request_timeout_seconds',
  'rollout_overlap',
  'background_sessions',
  'app_pool_max',
  'app_pool_min',
  'acquire_timeout_ms',
  'statement_timeout_ms',
  'idle_timeout_ms',
  'max_lifetime_ms',
] as const;

export type SettingKey = (typeof settingKeys)[number];

export type Settings = ReadonlyMap<SettingKey, Sourced<number>>;

/** What one source says about one service; everything may be missing. */
export interface ServiceDraft {
  /** Where the service is declared. */
  readonly place: Place;
  readonly name?: Sourced<string>;
  readonly settings: Settings;
  /** Sizes of the pools that a process opens beside its main one. */
  readonly secondPools: readonly number[];
  readonly match: SessionMatch;
}
