/** A folder whose path in the container differs from its path on this machine. */
export interface VolumePath {
  /** As the container declares it, such as `/cloudsql`; no slash at its end. */
  readonly mounted: string;
  /** Where the container finds it here. */
  readonly local: string;
}

/**
 * Points every path into a mounted volume at the place where it is, wherever such a path begins in the text:
 * `/cloudsql/p:r:i`, `host=/cloudsql/p:r:i`, `file:///opt/key`, but neither `/srv/cloudsql` nor `/cloudsql2`.
 */
export function withLocalPaths(text: string, volumes: readonly VolumePath[]): string {
  if (volumes.length === 0) return text;
  const local = new Map(volumes.map((one) => [one.mounted, one.local]));
  // The longer of two with the same beginning is meant.
  const mounted = [...local.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const path = new RegExp(`(?:(?<![\\w./})-])|(?<=file://))(?:${mounted.join('|')})(?![\\w.-])`, 'g');
  return text.replace(path, (found) => local.get(found) ?? found);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
