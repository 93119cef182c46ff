import { KnownError } from '../../base/errors.ts';
import { formatMs } from '../../base/units.ts';
import { claimOf, usableOf } from '../../contract/budget.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import type { LogSource } from '../../postgres/postgres-server.ts';
import type { Inspection } from '../../postgres/url/inspect-server.ts';
import { drivenContract } from '../../scenario/target/driven.ts';
import type { ForeignPostgres } from '../../scenario/postgres/postgres-target.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { fine, note, problem, type Finding } from './finding.ts';

/** Servers up to this size seldom have more than one or two processors. */
const smallServer = 100;
/** Beyond, reading all sessions takes the server a millisecond or more. */
const largeServer = 500;
const kindEveryMs = 100;
const rareEveryMs = 200;

/** Looks at somebody's own server as a run would, and changes nothing on it. */
export async function lookAtServer(scenario: Scenario, target: ForeignPostgres): Promise<readonly Finding[]> {
  const { reachServer } = await import('../../postgres/given-logins.ts');
  const { inspectServer } = await import('../../postgres/url/inspect-server.ts');
  const { exportedLog } = await import('../../postgres/url/exported-log.ts');
  try {
    const reached = await reachServer(target);
    try {
      return findingsOf(scenario, target, reached.where, exportedLog(target, await inspectServer(reached)));
    } finally {
      await reached.close();
    }
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return error.problems.map(({ message, hint }) => problem('Postgres', message, hint));
  }
}

function findingsOf(
  scenario: Scenario,
  target: ForeignPostgres,
  where: string,
  inspection: Inspection,
): readonly Finding[] {
  return [
    fine('Postgres', `version ${inspection.version} at ${where}`),
    ...limitFindings(inspection, target.maxConnections),
    ...rightFindings(inspection),
    ...serviceFindings(inspection, drivenContract(scenario)),
    samplingFinding(inspection, scenario.sampling.everyMs),
    ...lastingFindings(scenario),
  ];
}

/** What stays changed on the server when poolproof is frozen or gone: no session of ours holds it. */
const lasting: readonly string[] = ['db.role_limit', 'db.rotate_password', 'db.expire_credentials', 'exec'];

function lastingFindings({ chaos }: Scenario): readonly Finding[] {
  const kinds = [...new Set(chaos.map(({ fault }) => fault.kind))];
  const stay = kinds.filter((kind) => lasting.includes(kind));
  return [
    ...(stay.length === 0
      ? []
      : [
          note(
            'lasting faults',
            `${stay.join(', ')} can't end by itself when poolproof is killed or frozen`,
            'poolproof undo takes back what the journal of the run says',
          ),
        ]),
    ...(kinds.includes('db.half_open')
      ? [note('db.half_open', "when poolproof is frozen, it ends with the server's authentication_timeout")]
      : []),
  ];
}

function limitFindings({ limits, monitor }: Inspection, declared: number): readonly Finding[] {
  const { maxConnections, superuserReserved, reservedConnections } = limits;
  const reserved = superuserReserved + reservedConnections;
  const sum = `${maxConnections} max_connections - ${reserved} reserved = ${usableOf(limits)} usable`;
  return [
    maxConnections === declared
      ? fine('limits', sum)
      : problem(
          'limits',
          `${sum}; the scenario says ${declared}`,
          `declare max_connections: ${maxConnections}`,
        ),
    fine('neighbours', `${monitor.neighbors} sessions of others now`),
  ];
}

function rightFindings({ monitor, walSender, log, headroom, neighbor }: Inspection): readonly Finding[] {
  return [
    monitor.seesStates
      ? fine('monitor', 'sees states and ages of all sessions')
      : note('monitor', 'sees only who is connected, not what they do', 'grant pg_monitor to its role'),
    monitor.countsLogins
      ? fine('logins', 'are counted: samples have an upper bound')
      : note('logins', 'are not counted before PostgreSQL 14: samples have no upper bound'),
    walSender
      ? fine('own sessions', 'watch as WAL senders and take no slot')
      : note('own sessions', 'take ordinary slots, a line of the budget', 'alter role ... replication'),
    log.why === null
      ? fine('server log', logWords(log.source))
      : note('server log', log.why, 'without it B05 (no refusals) stays inconclusive'),
    headroom.mayUseReserved
      ? problem('canary', `"${headroom.role}" may take reserved slots`, 'name an ordinary role: headroom_url')
      : fine('canary', `"${headroom.role}" is an ordinary role`),
    neighbor === null
      ? note('neighbour', 'nobody stands for another service', 'without neighbor_url B24 does not apply')
      : neighbor.mayUseReserved
        ? problem(
            'neighbour',
            `"${neighbor.role}" may take reserved slots`,
            'name an ordinary role: neighbor_url',
          )
        : fine('neighbour', `"${neighbor.role}" is an ordinary role`),
  ];
}

function logWords(source: LogSource): string {
  return source.kind === 'export'
    ? `read from its export ${source.path} when a run is over`
    : `readable, ${source.form}`;
}

function serviceFindings({ service }: Inspection, contract: ServiceContract): readonly Finding[] {
  const claim = claimOf(contract);
  const limits = [
    ['role', service.roleLimit],
    ['database', service.databaseLimit],
  ] as const;
  const { statementTimeoutMs: live, validForSec } = service;
  const promised = formatMs(contract.statementTimeoutMs);
  return [
    ...limits.map(([what, limit]) => {
      if (limit === null) return fine(`${what} limit`, 'none');
      return limit < claim
        ? note(`${what} limit`, `${limit} is less than the claim of ${claim}: it refuses first`)
        : fine(`${what} limit`, `${limit}, the claim is ${claim}`);
    }),
    live === contract.statementTimeoutMs
      ? fine('statement_timeout', `${promised}, as promised`)
      : note(
          'statement_timeout',
          `${live === 0 ? 'none' : formatMs(live)} for "${service.role}"; the contract says ${promised}`,
          'the service may set it by itself; otherwise: alter role ... set statement_timeout',
        ),
    ...(validForSec === null ? [] : [note('password', `valid for ${formatMs(validForSec * 1000)} more`)]),
  ];
}

function samplingFinding({ limits }: Inspection, everyMs: number): Finding {
  const found = `every ${formatMs(everyMs)}`;
  const advised =
    limits.maxConnections > largeServer
      ? rareEveryMs
      : limits.maxConnections <= smallServer
        ? kindEveryMs
        : everyMs;
  if (everyMs >= advised) return fine('sampling', found);
  const size = `a server of ${limits.maxConnections} max_connections`;
  return note('sampling', found, `sampling: { every: ${advised}ms } is kinder to ${size}`);
}
