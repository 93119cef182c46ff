import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeRandom } from '../../../src/base/random.ts';
import { inLanes } from '../../support/in-lanes.mjs';
import { killOnce } from '../../support/kill-once.mjs';
import { smallScenario } from '../../support/small-scenario.ts';

/*
 * Whatever is killed, and whenever: nothing runs on, nothing stays behind, and what poolproof lost is never charged to the
 * service. `npm run soak:kills` does the same a hundred times over six scenarios.
 */

const random = makeRandom(Number(process.env['KILL_SEED'] ?? 1), 'kills');
const kills = [
  ['cli', 'STOP+KILL'],
  ['emulator', 'KILL'],
  ['emulator', 'TERM'],
  ['guard', 'STOP+KILL'],
  ['postmaster', 'INT'],
  ['instance', 'KILL'],
].map(([target = '', way = '']) => ({ target, way, afterMs: 2500 + Math.round(2500 * random()) }));

/** How each may end: the verdict of a short run is INCONCLUSIVE, and a killed instance is the service's own matter. */
const exits: Readonly<Record<string, readonly unknown[]>> = { cli: [130], instance: [1, 3] };

const lanes = 2;

it('kills leave nothing behind, and nothing is charged to the service', { timeout: 180_000 }, async () => {
  const scenario = await smallScenario('6s');
  await inLanes(lanes, kills, async ({ target, way, afterMs }) => {
    const { root, said, ...end } = await killOnce({ scenario, target, way, afterMs });
    const what = `${target} ${way} after ${afterMs} ms, in ${root}:\n${said}`;
    expect(end, what).toMatchObject({ hit: true, left: [], folders: [] });
    expect(exits[target] ?? [3], what).toContain(end.exit);
    if (target !== 'instance') expect(end.failing, what).toEqual([]);
    rmSync(root, { recursive: true, force: true });
  });
});
