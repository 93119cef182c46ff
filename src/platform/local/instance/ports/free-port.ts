import getPort, { portNumbers } from 'get-port';
import { makeRandom } from '../../../../base/random.ts';

/** Below the range from which systems take the ports of outgoing connections (32768 or higher). */
const lowest = 20_000;
const highest = 32_000;
const tried = 200;

/** Of this process, not of the seed: two runs of one seed would want the same ports at the same moment. */
const random = makeRandom(process.pid, 'ports');

/**
 * A port for an instance to listen on. One of the ephemeral range could be taken by any outgoing connection
 * between the choice and the instance's listen, and connections are what a burst makes.
 */
export async function freePort(): Promise<number> {
  const from = lowest + Math.floor(random() * (highest - lowest - tried));
  return getPort({ host: '127.0.0.1', port: portNumbers(from, from + tried) });
}
