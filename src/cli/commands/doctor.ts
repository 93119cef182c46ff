import { isForeign } from '../../scenario/postgres/postgres-target.ts';
import { programsOf } from '../../scenario/target/programs.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { refusals } from '../load-plan.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { fine, problem, type Finding } from '../doctor/finding.ts';
import { lookAtMachine, type Wanted } from '../doctor/look-at-machine.ts';
import { lookAtServer } from '../doctor/look-at-server.ts';
import { renderFindings } from '../doctor/render-findings.ts';
import { lookOf } from '../look.ts';

/** What the command line says of looking. */
export interface DoctorFlags {
  readonly json?: boolean;
  readonly color: boolean;
}

/** Looks whether a run is possible here and what it could prove; changes nothing and sends no load. */
export async function doctor(file: string | undefined, flags: DoctorFlags): Promise<ExitCode> {
  const plan = file === undefined ? null : await planOf(file);
  const findings = [
    ...(await lookAtMachine(wantedBy(plan?.scenario ?? null))),
    ...(plan === null ? [] : [...plan.findings, ...(await lookAtDatabase(plan.scenario))]),
  ];
  const sql = await sqlFor(plan?.scenario ?? null);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ findings, sql }, null, 2)}\n` : forPeople(findings, sql, flags),
  );
  return findings.some(({ status }) => status === 'problem') ? exitCodes.refused : exitCodes.pass;
}

function wantedBy(scenario: Scenario | null): Wanted {
  if (scenario === null) return { docker: false, embedded: true };
  const { kind } = scenario.postgres;
  return { docker: kind === 'container' || runsImages(scenario), embedded: kind === 'embedded' };
}

async function lookAtDatabase(scenario: Scenario): Promise<readonly Finding[]> {
  return isForeign(scenario.postgres) ? lookAtServer(scenario, scenario.postgres) : [];
}

/** None where Postgres is started for the run: it has all roles then. */
async function sqlFor(scenario: Scenario | null): Promise<string | null> {
  const { rolesSql } = await import('../../postgres/url/roles-sql.ts');
  if (scenario === null) return rolesSql({ service: 'app', database: 'app' });
  const { postgres } = scenario;
  if (!isForeign(postgres)) return null;
  return rolesSql({ service: postgres.service.user, database: postgres.service.database });
}

async function planOf(file: string): Promise<{ scenario: Scenario; findings: readonly Finding[] }> {
  const { loadPlan } = await import('../load-plan.ts');
  const plan = await loadPlan(file, {});
  const refused = refusals(plan);
  const { budget } = plan;
  const sum = `${budget.claim} claim + ${budget.headroom} headroom = ${budget.planned} of ${budget.usable} usable`;
  const findings =
    refused.length === 0 ? [fine('budget', sum)] : refused.map(({ message }) => problem('budget', message));
  return { scenario: plan.scenario, findings };
}

function runsImages({ target }: Scenario): boolean {
  if (target.kind === 'url') return false;
  return target.services.some((service) =>
    Object.values(programsOf(service)).some(({ kind }) => kind === 'image'),
  );
}

function forPeople(findings: readonly Finding[], sql: string | null, flags: DoctorFlags): string {
  const table = renderFindings(findings, lookOf(process.stdout, flags.color));
  const head = "\nThe roles that poolproof would use on a server of somebody's own:\n\n";
  return sql === null ? table : `${table}${head}${sql}`;
}
