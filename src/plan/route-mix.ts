import type { Random } from '../base/random.ts';
import type { RequestSpec } from '../scenario/requests/request-spec.ts';

/** Draws the index of a route by weight, one draw a call. */
export function makeRouteMix(requests: readonly Pick<RequestSpec, 'weight'>[], random: Random): () => number {
  const bounds: number[] = [];
  let total = 0;
  for (const { weight } of requests) bounds.push((total += weight));
  const last = bounds.length - 1;
  return () => {
    const drawn = random() * total;
    const index = bounds.findIndex((bound) => drawn < bound);
    return index === -1 ? last : index;
  };
}
