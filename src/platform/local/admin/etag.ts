import { createHash } from 'node:crypto';

/** Names one state of what is wanted of a resource, in quotes as HTTP has it. */
export function makeEtag(uid: string, generation: number): string {
  const digest = createHash('sha256').update(`${uid}/${generation}`).digest('base64url');
  return `"${digest.slice(0, 22)}"`;
}

/** Whether a client's etag is this one; clients drop the quotes. */
export function sameEtag(given: string, current: string): boolean {
  const bare = (etag: string): string => etag.replaceAll('"', '');
  return bare(given) === bare(current);
}
