import type { Problem } from '../../base/errors.ts';
import type { SettingKey, Settings, Sourced } from '../service-draft.ts';

/** The environment of an instance: plain values and where they stand. */
export type SourcedEnv = ReadonlyMap<string, Sourced<string>>;

interface EnvSetting {
  readonly key: SettingKey;
  readonly least: number;
  /** 0 switches it off, in pools and in Postgres alike: then the environment declares nothing. */
  readonly zeroIsOff: boolean;
}

/** The names under which an instance is told its part of the contract. */
const envSettings: Readonly<Record<string, EnvSetting>> = {
  DB_POOL_MAX: { key: 'app_pool_max', least: 1, zeroIsOff: false },
  DB_POOL_MIN: { key: 'app_pool_min', least: 0, zeroIsOff: false },
  DB_POOL_ACQUIRE_TIMEOUT_MS: { key: 'acquire_timeout_ms', least: 1, zeroIsOff: true },
  DB_POOL_IDLE_TIMEOUT_MS: { key: 'idle_timeout_ms', least: 1, zeroIsOff: true },
  DB_POOL_MAX_LIFETIME_MS: { key: 'max_lifetime_ms', least: 1, zeroIsOff: true },
  DB_STATEMENT_TIMEOUT_MS: { key: 'statement_timeout_ms', least: 1, zeroIsOff: true },
};

/** What an environment says about the contract. */
export interface EnvReading {
  readonly settings: Settings;
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads the pool's settings from the environment that an instance gets. */
export function readEnvSettings(env: SourcedEnv): EnvReading {
  const settings = new Map<SettingKey, Sourced<number>>();
  const warnings: string[] = [];
  const problems: Problem[] = [];
  for (const [name, { key, least, zeroIsOff }] of Object.entries(envSettings)) {
    const given = env.get(name);
    if (given === undefined) continue;
    const value = /^\d{1,9}$/.test(given.value) ? Number(given.value) : Number.NaN;
    if (value === 0 && zeroIsOff) {
      warnings.push(`${name}=0 switches it off: the contract's ${key} is judged, and nothing enforces it`);
    } else if (value >= least) {
      settings.set(key, { value, place: given.place });
    } else {
      problems.push({
        message: `${name}: expected a whole number of at least ${least}, got ${JSON.stringify(given.value)}`,
        place: given.place,
      });
    }
  }
  return { settings, warnings, problems };
}
