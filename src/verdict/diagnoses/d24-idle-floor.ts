import { trim } from '../../base/units.ts';
import { countAt } from '../../evidence/sessions/steps.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { ownSamples } from '../facts/sessions/own-samples.ts';
import { quantile } from '../statistics/quantile.ts';
import { waitingOf } from './shared/waiting.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * Four of five sessions are idle at all times, under stress too, and there are as many for each instance whatever is
 * asked: a pool minimum that is taken at the start and never given back. The floor is N x W x P_min. An instance that has
 * just begun still fills its pools, so it is what nineteen of twenty samples showed.
 */

const idleShare = 0.8;
const atAllTimes = 0.9;
const floorShare = 0.05;
const minSamples = 20;

export const idleFloor = {
  id: 'D24',
  title: 'the pools keep sessions that nobody uses',
  question: null,
  diagnose: ({ run, service }) => {
    const { stress } = run;
    const { contract, alive } = service;
    const held = ownSamples(run, service).filter(({ total }) => total > 0);
    if (held.length < minSamples || alive === null) return null;
    // Idle beside requests that wait for a session: they are checked out, and nothing that a smaller pool would mend.
    if (waitingOf(run, service) !== null) return null;
    const isIdle = (one: (typeof held)[number]): boolean => one.idle >= idleShare * one.total;
    const under = held.filter(({ tUs }) => stress.some(({ fromUs, toUs }) => tUs >= fromUs && tUs < toUs));
    if (held.filter(isIdle).length < atAllTimes * held.length) return null;
    if (under.filter(isIdle).length < idleShare * under.length) return null;
    const each = held.map(({ tUs, total }) => total / Math.max(1, countAt(alive, tUs)));
    const floor = Math.floor(quantile(each, floorShare) ?? 0);
    if (floor < 2) return null;
    const busy = held.reduce((most, { active, inTransaction }) => Math.max(most, active + inTransaction), 0);
    const declared = contract.poolMin * contract.workersPerInstance;
    const idle = held.reduce((sum, one) => sum + one.idle / one.total, 0) / held.length;
    return {
      confidence: declared > 0 && floor >= declared ? 'high' : 'medium',
      lever: `lower the pool minimum${declared > 0 ? ` from ${contract.poolMin}` : ''}, and let idle sessions go sooner`,
      evidence: [
        `${trim(100 * idle, 0)} % of the sessions were idle on average, under stress too; at most ${busy} were at work`,
        `${floor} sessions an instance or more in 95 % of the samples; declared as the minimum are ${declared}`,
      ],
      confirm: 'set the pool minimum to 0: between bursts the sessions must fall to what is at work',
      whatIf: [
        whatIf(
          run,
          service,
          `floor N x W x P_min = ${contract.maxInstances * floor} -> 0 sessions (the same claim)`,
          {},
        ),
      ],
    };
  },
} as const satisfies Diagnosis;
