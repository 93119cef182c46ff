/** Few servers keep an idle connection for less, and clients commonly assume as much. */
export const usualTrustUs = 4_000_000;

/** Off the server's own figure: the answer was on its way for a while, and so is the next request. */
export const marginUs = 1_000_000;

/**
 * For how long after its last answer an idle connection may be believed to be still open, in microseconds, by
 * the answer's `keep-alive` header. A request sent on one that the server is just closing would be lost, and
 * count against the service.
 */
export function idleTrustUs(keepAlive: string | string[] | undefined): number {
  if (keepAlive === undefined) return usualTrustUs;
  const found = /(?:^|[,;])\s*timeout\s*=\s*"?(\d+)/i.exec(String(keepAlive));
  if (found === null) return usualTrustUs;
  return Math.max(0, Math.min(usualTrustUs, Number(found[1]) * 1_000_000 - marginUs));
}
