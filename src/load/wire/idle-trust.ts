/** Few servers close idle connections sooner, and clients commonly assume as much. */
export const usualTrustUs = 4_000_000;

/** Subtracted from the server's own figure: the answer was under way for a while, and so will be the next request. */
export const marginUs = 1_000_000;

/**
 * How long after its last answer an idle connection is trusted to be open, in microseconds, by the answer's
 * `keep-alive` header. A request on a connection that the server is just closing would be lost and count against the
 * service.
 */
export function idleTrustUs(keepAlive: string | string[] | undefined): number {
  if (keepAlive === undefined) return usualTrustUs;
  const found = /(?:^|[,;])\s*timeout\s*=\s*"?(\d+)/i.exec(String(keepAlive));
  if (found === null) return usualTrustUs;
  return Math.max(0, Math.min(usualTrustUs, Number(found[1]) * 1_000_000 - marginUs));
}
