import type { BackendRow } from '../../evidence/dataset/backend-row.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { isTold } from '../facts/platform/told.ts';
import { joinParts } from './shared/parts.ts';
import { noLoad, result } from './shared/result.ts';

/*
 * Every session is somebody's. Of those that no declared service owns, at any sample:
 *
 *     of a role that came through a service's links    0: the service connects as somebody that it did not declare
 *     all others                                        <= H: the headroom's owners, who are not named, have no more
 *
 * Rows in state `starting` have no role yet and are not counted; nor are the harness's own sessions and those that its
 * faults open.
 */

interface StraySample {
  readonly tUs: number;
  /** Of roles that the links saw. */
  readonly own: number;
  readonly others: number;
  /** Whose the most of them are, in words. */
  readonly who: string;
}

export interface UnattributedInput {
  readonly samples: readonly StraySample[];
  readonly headroom: number;
  /** Whether instances have links, which tell the roles that came through them; true unless given. */
  readonly isLinked?: boolean;
}

export function judgeUnattributed({ samples, headroom, isLinked = true }: UnattributedInput): BoundResult {
  if (samples.length === 0)
    return result({
      status: 'INCONCLUSIVE',
      severity: 'soft',
      unit: 'sessions',
      reason: 'nobody looked at the sessions',
    });
  const ofOthers = strayRule(samples, ({ others }) => others, headroom, 'belong to no declared service');
  if (!isLinked) return ofOthers;
  const words = "came through the service's links as a role that nobody declared";
  return joinParts([strayRule(samples, ({ own }) => own, 0, words), ofOthers]);
}

function strayRule(
  samples: readonly StraySample[],
  countOf: (sample: StraySample) => number,
  limit: number,
  words: string,
): BoundResult {
  const value = samples.reduce((most, sample) => Math.max(most, countOf(sample)), 0);
  const known = { severity: 'soft', unit: 'sessions', value, limit, n: samples.length } as const;
  const first = samples.find((sample) => countOf(sample) > limit);
  if (first === undefined)
    return result({
      ...known,
      status: 'PASS_SAMPLED',
      reason: `at most ${value} sessions ${words} (limit ${limit})`,
    });
  const what = `${countOf(first)} sessions ${words}${first.who === '' ? '' : ` (${first.who})`}, limit ${limit}`;
  return result({
    ...known,
    status: 'FAIL',
    reason: what,
    witness: { fromUs: first.tUs, toUs: first.tUs, what },
  });
}

export const unattributed = {
  id: 'B26',
  name: 'unattributed',
  title: "every session is somebody's",
  meaning: 'Sessions that no declared service owns stay inside the headroom.',
  severity: 'soft',
  answer: null,
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: false,
  needs: [...always, 'V03'],
  judge: (run) => {
    const { load, samples, headroom } = run;
    if (load === null) return { ...noLoad('sessions'), severity: 'soft' };
    const roles = rolesThroughLinks(run);
    return judgeUnattributed({
      samples: samples
        .filter(({ ok, tUs }) => ok && tUs >= load.fromUs)
        .map(({ tUs, rows }) => straysIn(tUs, rows, roles)),
      headroom,
      isLinked: isTold(run, 'instances'),
    });
  },
} as const satisfies Bound;

function rolesThroughLinks({ evidence }: RunFacts): ReadonlySet<string> {
  return new Set(
    evidence.events.flatMap((event) =>
      event.kind === 'link' && event.role !== undefined && event.role !== null ? [event.role] : [],
    ),
  );
}

function straysIn(tUs: number, rows: readonly BackendRow[], roles: ReadonlySet<string>): StraySample {
  let own = 0;
  let others = 0;
  let who: BackendRow | null = null;
  for (const row of rows) {
    if (row.service !== null || row.state === 'starting' || isHarness(row)) continue;
    if (row.role !== null && roles.has(row.role)) own += row.count;
    else others += row.count;
    if (who === null || row.count > who.count) who = row;
  }
  const name =
    who === null
      ? ''
      : [who.role, who.applicationName].filter((part) => part !== null && part !== '').join(', ');
  return { tUs, own, others, who: name };
}

/** All of the harness's sessions begin their names so. */
function isHarness({ applicationName }: BackendRow): boolean {
  return applicationName?.startsWith('poolproof') === true;
}
