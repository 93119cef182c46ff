import { runSettings } from '../run-settings.ts';

/** What stands before each line of the log; everything that tells a session from another is in it. */
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
