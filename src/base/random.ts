import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { skipN } from 'pure-rand/utils/skipN';

/** A seeded stream of numbers: uniform in [0, 1), one draw per call, the same on every machine. */
export type Random = () => number;

/**
 * An independent stream for one purpose. Streams are named, so that drawing more from one (say, the payload) never
 * shifts another (the schedule).
 */
export function makeRandom(seed: number, stream: string): Random {
  const generator = xoroshiro128plus(hashString(`${seed}/${stream}`));
  // The first outputs are near 1 and alike for all small seeds: skip them.
  skipN(generator, 64);
  return () => uniformFloat64(generator);
}

/** A uniform number in [0, 1) that depends only on the key and the two indexes, not on earlier draws. */
export function randomAt(key: number, index: number, slot: number): number {
  const mixed = mix32(mix32(key ^ Math.imul(index + 1, 0x9e3779b1)) ^ Math.imul(slot + 1, 0x85ebca77));
  return mixed / 2 ** 32;
}

/** A 32-bit hash of a string (FNV-1a with a final mix). */
export function hashString(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mix32(hash);
}

/** The 32-bit finalizer of MurmurHash3: every input bit reaches every output bit. */
function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
