import type { RunClock } from '../base/clock.ts';
import { makePause } from '../base/pause.ts';
import type { SettingsEvent } from '../evidence/event.ts';
import type { WatchSession } from './watch-session.ts';

const everyMs = 60_000;

/** Whose settings are read, and who hears of them. */
export interface SettingsOrders {
  readonly session: WatchSession;
  /** What the services log in as. */
  readonly roles: readonly string[];
  readonly clock: RunClock;
  readonly onEvent: (event: SettingsEvent) => void;
}

/** Settings that are read again and again. */
export interface RunningSettingsWatch {
  /** Reads them once more, behind something that changed them on purpose. */
  again(): void;
  /** Reads them for the last time. */
  stop(): Promise<void>;
}

/** Reads the settings now, each minute and at the end. Resolves with the first reading made: before there is load. */
export async function watchSettings(orders: SettingsOrders): Promise<RunningSettingsWatch> {
  const { session, clock, onEvent } = orders;
  const question = askSettings(orders.roles);
  const read = async (): Promise<boolean> => {
    const rows = await session.ask(question);
    onEvent(rows === null ? unread(clock.nowUs()) : parseSettings(rows, clock.nowUs()));
    return rows !== null;
  };
  await read();
  const stopping = new AbortController();
  const pause = makePause(stopping.signal);
  const each = async (): Promise<void> => {
    await pause(everyMs);
    while (!stopping.signal.aborted) {
      await read();
      await pause(everyMs);
    }
  };
  const done = each();
  let asked: Promise<unknown> = Promise.resolve();
  return {
    again: () => {
      asked = asked.then(read);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([done, asked]);
      if (await read()) return;
      // Load is over: a new session harms nobody any more.
      await session.reopen();
      await read();
    },
  };
}

/** What limits sessions, and what ends or notices them. Those that this version does not know are left out. */
const names = [
  'max_connections',
  'superuser_reserved_connections',
  'reserved_connections',
  'statement_timeout',
  'transaction_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'lock_timeout',
  'tcp_keepalives_idle',
  'tcp_keepalives_interval',
  'tcp_keepalives_count',
  'client_connection_check_interval',
];

/** Without parameters: the session may know the simple protocol only. */
function askSettings(roles: readonly string[]): string {
  return `
select 'server', '', (date_part('epoch', pg_postmaster_start_time()) * 1e6)::bigint::text, null
union all
select 'setting', name, current_setting(name), null from pg_settings where name in (${listOf(names)})
union all
select 'role', rolname, rolconnlimit::text, to_json(rolconfig)::text
from pg_roles where rolname in (${listOf(roles)})`;
}

function listOf(words: readonly string[]): string {
  return ['', ...words].map((word) => `'${word.replaceAll("'", "''")}'`).join(', ');
}

function parseSettings(rows: readonly (readonly (string | null)[])[], tUs: number): SettingsEvent {
  const of = (kind: string): readonly (readonly (string | null)[])[] => rows.filter((row) => row[0] === kind);
  const startedUs = of('server')[0]?.[2] ?? null;
  return {
    t_us: tUs,
    kind: 'settings',
    ok: true,
    server_started_us: startedUs === null ? null : Number(startedUs),
    settings: Object.fromEntries(of('setting').map(([, name, value]) => [name ?? '', value ?? ''])),
    roles: Object.fromEntries(
      of('role').map(([, name, limit, settings]) => [
        name ?? '',
        { connection_limit: Number(limit), settings: readSettings(settings ?? null) },
      ]),
    ),
  };
}

/** In an order of their own: a setting that is set anew goes to the end of the server's. */
function readSettings(text: string | null): string[] {
  const settings = text === null ? null : (JSON.parse(text) as string[] | null);
  return (settings ?? []).sort();
}

function unread(tUs: number): SettingsEvent {
  const error = 'no answer in the session that watches';
  return { t_us: tUs, kind: 'settings', ok: false, server_started_us: null, settings: {}, roles: {}, error };
}
