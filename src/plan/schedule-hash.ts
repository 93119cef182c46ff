import { createHash } from 'node:crypto';
import type { Scenario } from '../scenario/scenario.ts';
import type { Arrivals } from './run-plan.ts';

/**
 * Hex SHA-256 of a schedule: first a legend (the names and weights of the routes and the names of the
 * phases, as JSON and one zero byte), then per arrival 12 bytes, little-endian on every machine: the intended
 * time as a double (exact for whole microseconds), the route and the phase as 16-bit indexes.
 */
export function hashSchedule(
  arrivals: Arrivals,
  requests: readonly Pick<Scenario['requests'][0], 'name' | 'weight'>[],
  phases: readonly { readonly name: string }[],
): string {
  const legend = {
    routes: requests.map(({ name, weight }) => [name, weight]),
    phases: phases.map(({ name }) => name),
  };
  const rows = Buffer.alloc(arrivals.count * 12);
  for (let index = 0; index < arrivals.count; index += 1) {
    rows.writeDoubleLE(arrivals.intendedUs[index] ?? 0, index * 12);
    rows.writeUInt16LE(arrivals.route[index] ?? 0, index * 12 + 8);
    rows.writeUInt16LE(arrivals.phase[index] ?? 0, index * 12 + 10);
  }
  return createHash('sha256')
    .update(`${JSON.stringify(legend)}\0`)
    .update(rows)
    .digest('hex');
}
