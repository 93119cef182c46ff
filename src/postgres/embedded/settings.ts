import { runSettings } from '../run-settings.ts';
import type { ServerFolder } from './server-folder.ts';

/** The whole environment of Postgres: none of ours (`PGPORT`, `PGDATA`, `TZ`) may change its behaviour. */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

/** What differs between the servers of runs. */
export interface ServerSettings {
  readonly port: number;
  readonly maxConnections: number;
  readonly folder: ServerFolder;
}

/** The lines that are added to `postgresql.conf`. */
export function formatSettings({ port, maxConnections, folder }: ServerSettings): string {
  const settings = {
    ...runSettings(maxConnections),
    listen_addresses: '127.0.0.1',
    port,
    // No second way in: every connection goes through the address that is counted.
    unix_socket_directories: '',
    shared_buffers: '64MB',
    // In files of its own folder: a killed server leaves nothing in /dev/shm.
    dynamic_shared_memory_type: 'mmap',

    // In a form that needs no guessing.
    logging_collector: 'on',
    log_destination: 'jsonlog',
    log_directory: folder.log,
    log_filename: 'server.log',
    log_rotation_age: 0,
    log_rotation_size: 0,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : quote(value)}\n`)
    .join('');
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
