import { formatMs } from '../base/units.ts';
import type { Summary } from '../verdict/summary/summary.ts';
import { grouped } from './words.ts';

export type Incident = NonNullable<Summary['incident']>;

/** What the server said when it refused, in words. */
const kindWords: Readonly<Record<string, string>> = {
  slots_gone: 'all slots were gone',
  only_reserved_left: 'only reserved slots were left',
  role_limit: "a role's connection limit was reached",
  database_limit: "a database's connection limit was reached",
  untold: 'no text was seen',
};

/** How many connections were refused, and what the server said. */
export function refusalWords({ refused, kinds }: Incident): string {
  const told = kinds.filter(({ kind }) => kind !== 'untold' || kinds.length === 1);
  const said = told.map(({ kind }) => kindWords[kind] ?? kind).join('; ');
  return `Postgres refused ${grouped(refused)} connections with SQLSTATE 53300 (${said})`;
}

/** `42 idle in transaction (oldest 2.5 s)`. */
export function holderWords({ count, state, oldest_ms: oldest }: Holder): string {
  return `${grouped(count)} ${state}${oldest === null ? '' : ` (oldest ${formatMs(oldest)})`}`;
}

type Holder = NonNullable<Incident['holders']>['rows'][number];

export const answerMarks = { yes: 'yes', no: 'no', unknown: 'not known' } as const;
