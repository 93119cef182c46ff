import { runSettings } from '../run-settings.ts';

/** The prefix of each log line: everything that tells one session from another. */
export const linePrefix = '%m [%p] %b %e %r user=%u db=%d app=%a: ';

/** The server's arguments. */
export function serverArguments(maxConnections: number): readonly string[] {
  const settings = {
    ...runSettings(maxConnections),
    // Docker keeps what a container prints.
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: linePrefix,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
