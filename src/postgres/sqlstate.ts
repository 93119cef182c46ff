/** The SQLSTATE that the server gave with an error, or null. Sockets and timeouts have codes too, but no severity. */
export function sqlstateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
