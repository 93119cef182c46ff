import type { RunFacts } from '../facts/run-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * Nobody changed the rules during the game: the server's settings, the limits of the services' roles and the time of the
 * server's own start are the same whenever they were read, except where the scenario's faults change them, and no
 * revision was made that the scenario did not ask for. What was read only once can't be compared. Where nothing was read,
 * the guard says so and nothing more.
 */

export interface SettingsReading {
  readonly tUs: number;
  readonly startedUs: number | null;
  readonly settings: Readonly<Record<string, string>>;
  readonly roles: Readonly<
    Record<string, { readonly connection_limit: number; readonly settings: readonly string[] }>
  >;
}

export interface SettingsInput {
  /** Those that worked, in time order. */
  readonly readings: readonly SettingsReading[];
  /** Readings that failed. */
  readonly failed: number;
  /** Kinds of the faults that were begun. */
  readonly faults: ReadonlySet<string>;
  /** Revisions made after load began that no step of the scenario made. */
  readonly strangers: readonly string[];
}

export function checkSettings({ readings, failed, faults, strangers }: SettingsInput): GuardResult {
  const base = { limit: 0, unit: 'count', disturbanceMs: null } as const;
  const [stranger] = strangers;
  if (stranger !== undefined)
    return {
      ...base,
      ok: false,
      value: strangers.length,
      reason: `revision ${stranger} came during load, and nobody here asked for it`,
    };
  const [first, ...others] = readings;
  if (first === undefined)
    return {
      ...base,
      ok: failed === 0,
      value: null,
      reason: failed === 0 ? 'settings were not read in this run' : 'settings could not be read',
    };
  if (others.length === 0)
    return {
      ...base,
      ok: false,
      value: null,
      reason: 'settings were read only once: whether they stayed is unknown',
    };
  const changes = [...new Set(others.flatMap((reading) => changesBetween(first, reading, faults)))];
  const reason =
    changes.length === 0
      ? `settings, role limits and the server's start were the same in all ${readings.length} readings${faults.size === 0 ? '' : ', but for what faults changed'}`
      : `changed during the run: ${changes.join('; ')}`;
  return { ...base, ok: changes.length === 0, value: changes.length, reason };
}

/** Faults that start the server anew, and those that change a setting or a role's limit. */
const restarting = ['db.restart', 'db.max_connections'];

function changesBetween(
  first: SettingsReading,
  next: SettingsReading,
  faults: ReadonlySet<string>,
): readonly string[] {
  const isRestarted = restarting.some((fault) => faults.has(fault));
  const names = new Set([...Object.keys(first.settings), ...Object.keys(next.settings)]);
  if (faults.has('db.max_connections')) names.delete('max_connections');
  const settings = [...names].flatMap((name) => change(name, first.settings[name], next.settings[name]));
  const roles = faults.has('db.role_limit') ? [] : rolesBetween(first, next);
  const began = isRestarted || first.startedUs === next.startedUs ? [] : ['the server was started anew'];
  return [...settings, ...roles, ...began];
}

function rolesBetween(first: SettingsReading, next: SettingsReading): readonly string[] {
  return Object.entries(first.roles).flatMap(([role, was]) => {
    const is = next.roles[role];
    return [
      ...change(
        `connection limit of ${role}`,
        String(was.connection_limit),
        is === undefined ? undefined : String(is.connection_limit),
      ),
      ...change(`settings of ${role}`, was.settings.join(', '), is?.settings.join(', ')),
    ];
  });
}

function change(name: string, was: string | undefined, is: string | undefined): readonly string[] {
  return was === is ? [] : [`${name} from ${was ?? 'nothing'} to ${is ?? 'nothing'}`];
}

export const settings = {
  id: 'V06',
  name: 'settings',
  title: 'nobody changed the settings',
  meaning: "The server's settings stayed as they were, except where a fault changed them.",
  provenance: 'observed',
  check: (run: RunFacts) => {
    const told = run.evidence.events.flatMap((event) => (event.kind === 'settings' ? [event] : []));
    return checkSettings({
      readings: told
        .filter(({ ok }) => ok)
        .map(({ t_us: tUs, server_started_us: startedUs, settings: values, roles }) => ({
          tUs,
          startedUs,
          settings: values,
          roles,
        })),
      failed: told.filter(({ ok }) => !ok).length,
      faults: new Set(run.evidence.events.flatMap((event) => (event.kind === 'fault' ? [event.fault] : []))),
      strangers: strangersIn(run),
    });
  },
} as const satisfies Guard;

/** Steps that make a revision, or may: a program of one's own can do anything. */
const makers = /^(?:revision\.|service\.|platform\.|exec)/;

/** Where no orders were recorded, what was not ordered can't be told. */
function strangersIn({ record, evidence: { events }, load }: RunFacts): readonly string[] {
  const { chaos } = record;
  if (load === null || chaos === undefined || chaos.some(({ fault }) => makers.test(fault.kind))) return [];
  return events.flatMap((event) =>
    event.kind === 'revision' && event.state === 'created' && event.t_us > load.fromUs
      ? [event.revision]
      : [],
  );
}
