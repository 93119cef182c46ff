/** What stands before each line of the log; everything that tells a session from another is in it. */
export const linePrefix = '%m [%p] %b %e %r user=%u db=%d app=%a: ';

/** The server's arguments. Everything else stays as the image ships it. */
export function serverArguments(maxConnections: number): readonly string[] {
  const settings = {
    max_connections: maxConnections,
    superuser_reserved_connections: 3,

    // Every login, refusal and end of a session leaves a line, where Docker keeps what a container prints.
    log_connections: 'on',
    log_disconnections: 'on',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: linePrefix,
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    // Statements may hold what is nobody's business; the lines are about connections.
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    lc_messages: 'C',

    track_activities: 'on',
    track_counts: 'on',

    // The data goes with the container, so nothing has to survive a crash of the machine.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    // Compiling plans would add seconds of CPU to the first heavy queries.
    jit: 'off',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
