import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeRandom } from '../../../src/base/random.ts';
import { killOnce } from '../../support/kill-once.mjs';
import { smallScenario } from '../../support/small-scenario.ts';

/*
 * Whatever is killed, and whenever: nothing runs on, nothing stays behind, and what poolproof lost is never charged to the
 * service. `npm run soak:kills` does the same a hundred times over six scenarios.
 */

const random = makeRandom(Number(process.env['KILL_SEED'] ?? 1), 'kills');
const kills = [
  ['cli', 'KILL'],
  ['cli', 'STOP+KILL'],
  ['cli', 'TERM'],
  ['emulator', 'KILL'],
  ['emulator', 'TERM'],
  ['guard', 'STOP+KILL'],
  ['postmaster', 'KILL'],
  ['postmaster', 'INT'],
  ['instance', 'KILL'],
].map(([target = '', way = '']) => ({ target, way, afterMs: 2500 + Math.round(2500 * random()) }));

/** How each may end: the verdict of a short run is INCONCLUSIVE, and a killed instance is the service's own matter. */
const exits: Readonly<Record<string, readonly unknown[]>> = {
  'cli KILL': [130],
  'cli STOP+KILL': [130],
  'cli TERM': [143],
  'instance KILL': [1, 3],
};

it.concurrent.each(kills)('$target gets SIG$way after $afterMs ms', async ({ target, way, afterMs }) => {
  const end = await killOnce({ scenario: await smallScenario('6s'), target, way, afterMs });
  expect(end.hit, end.said).toBe(true);
  expect(end.left).toEqual([]);
  expect(end.folders).toEqual([]);
  expect(exits[`${target} ${way}`] ?? [3], end.said).toContain(end.exit);
  if (target !== 'instance') expect(end.failing).toEqual([]);
  rmSync(end.root, { recursive: true, force: true });
});
