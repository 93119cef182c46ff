import { always, type Bound, type BoundResult } from './shared/bound.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { logGap } from '../../evidence/sessions/connections.ts';
import {
  countRefusals,
  refusalsByService,
  type Refusal,
  type RefusalKind,
} from '../facts/sessions/refusal.ts';
import { result } from './shared/result.ts';

/*
 * Postgres never refuses a connection because it is out of slots:
 *
 *     count(SQLSTATE 53300) = 0      over the server log, the links, the canaries and the responses
 *
 * One hit from any source is a FAIL. No hit is a PASS only with the server log: a refused connection shows
 * neither in pg_stat_activity nor in pg_stat_database, and a service may swallow the error.
 */

export interface RefusalInput {
  readonly refusals: readonly Refusal[];
  /** Whether there is more than one declared service: then the result says whose connections were refused. */
  readonly isShared?: boolean;
  /** Whether the server log was there and reaches to the end; otherwise what is missing. */
  readonly log:
    | { readonly complete: true; readonly lines: number }
    | { readonly complete: false; readonly why: string };
}

const wordsFor: Readonly<Record<RefusalKind, string>> = {
  slots_gone: 'all slots were gone ("sorry, too many clients already")',
  only_reserved_left: 'only reserved slots were left ("remaining connection slots are reserved")',
  role_limit: "the role's own connection limit refused: the claim was exceeded and the database enforced it",
  database_limit:
    "the database's own connection limit refused: the claim was exceeded and the database enforced it",
  untold: 'no text was recorded',
};

export function judgeRefusals({ refusals, log, isShared = false }: RefusalInput): BoundResult {
  const value = countRefusals(refusals);
  const known = { unit: 'count', value, limit: 0, n: log.complete ? log.lines : refusals.length } as const;
  const [first] = refusals;
  if (first !== undefined) {
    const kinds = [...new Set(refusals.map(({ kind }) => kind))].filter(
      (kind, _, all) => kind !== 'untold' || all.length === 1,
    );
    const whose = isShared && first.service !== null ? ` of ${first.service}` : '';
    const what = `Postgres refused a connection${whose} (53300), seen by ${sourceWords[first.source]}: ${wordsFor[first.kind]}`;
    return result({
      ...known,
      status: 'FAIL',
      reason: `${value} connections refused with 53300${isShared ? sharesOf(refusals) : ''}: ${kinds.map((kind) => wordsFor[kind]).join('; ')}`,
      witness: { fromUs: first.tUs, toUs: first.tUs, what },
    });
  }
  if (!log.complete) return result({ ...known, status: 'INCONCLUSIVE', reason: log.why });
  return result({ ...known, status: 'PASS', reason: 'no connection was refused, by the server log' });
}

function sharesOf(refusals: readonly Refusal[]): string {
  const shares = refusalsByService(refusals);
  if (shares.length === 0) return '';
  return ` (${shares.map(({ service, count }) => `${service} ${count}`).join(', ')})`;
}

const sourceWords: Readonly<Record<Refusal['source'], string>> = {
  log: 'the server log',
  link: 'the link of an instance',
  canary: 'a canary',
  response: 'a response of the service',
};

/** How far the log may lag behind the last canary, whose login it must show. */
const logLagUs = 3_000_000;

export const noRefusals = {
  id: 'B05',
  name: 'no-53300',
  title: 'Postgres refuses no connection',
  meaning: 'No connection is refused because the server is out of slots (SQLSTATE 53300).',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: true,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: [] },
  needs: [...always, 'V07', 'V09'],
  judge: (run) => judgeRefusals({ refusals: run.refusals, log: logOf(run), isShared: run.others.length > 0 }),
} as const satisfies Bound;

/** Every canary that logged in left a line: a log whose last line is much older was cut off. */
function logOf({ loggedUs, canaries, evidence }: RunFacts): RefusalInput['log'] {
  const gap = logGap(evidence.events);
  if (gap !== null) return { complete: false, why: gap };
  if (loggedUs === null)
    return { complete: false, why: 'no server log: refused connections are invisible to SQL' };
  const lastLoginUs = canaries.findLast((canary) => canary.ok)?.t_us;
  const lastLineUs = loggedUs.at(-1) ?? 0;
  if (lastLoginUs !== undefined && lastLineUs < lastLoginUs - logLagUs)
    return { complete: false, why: 'the server log ends before the run does' };
  return { complete: true, lines: loggedUs.length };
}
