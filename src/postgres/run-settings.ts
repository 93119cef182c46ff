/** The settings of every server started for a run. Everything else stays as PostgreSQL ships it. */
export function runSettings(maxConnections: number): Readonly<Record<string, string | number>> {
  return {
    max_connections: maxConnections,
    superuser_reserved_connections: 3,

    // Every login, refusal and end of a session leaves a line.
    log_connections: 'on',
    log_disconnections: 'on',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    // Statements may hold private data; the lines are about connections.
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    lc_messages: 'C',

    track_activities: 'on',
    track_counts: 'on',

    // The data goes with the run, so nothing has to survive a crash of the machine.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    // Compiling plans would add seconds of CPU to the first heavy queries.
    jit: 'off',
  };
}
