import type { Random } from '../../../base/random.ts';

/** `SERVICE-00042-abc`, as Cloud Run names a revision that nobody named. */
export function revisionName(service: string, generation: number, random: Random): string {
  const letters = Array.from({ length: 3 }, () => String.fromCharCode(97 + Math.floor(random() * 26)));
  return `${service}-${String(generation).padStart(5, '0')}-${letters.join('')}`;
}
