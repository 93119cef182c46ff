import type { ServerFolder } from './server-folder.ts';

/** What the server is told. Everything else stays as PostgreSQL ships it. */
export interface ServerSettings {
  readonly port: number;
  readonly maxConnections: number;
  readonly folder: ServerFolder;
}

/** The lines that are added to `postgresql.conf`. */
export function formatSettings({ port, maxConnections, folder }: ServerSettings): string {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    // No second way in: everything passes the address that is counted.
    unix_socket_directories: '',
    max_connections: maxConnections,
    superuser_reserved_connections: 3,

    // Every login, refusal and end of a session leaves a line, in a form that needs no guessing.
    log_connections: 'on',
    log_disconnections: 'on',
    logging_collector: 'on',
    log_destination: 'jsonlog',
    log_directory: folder.log,
    log_filename: 'server.log',
    log_rotation_age: 0,
    log_rotation_size: 0,
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    // Statements may hold what is nobody's business; the lines are about connections.
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    lc_messages: 'C',

    track_activities: 'on',
    track_counts: 'on',

    // The data is thrown away with the folder, so nothing has to survive a crash of the machine.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '64MB',
    // Compiling plans would add seconds of CPU to the first heavy queries.
    jit: 'off',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : quote(value)}\n`)
    .join('');
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
