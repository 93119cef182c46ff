import type { RunPlan } from '../plan/run-plan.ts';
import { isForeign } from '../scenario/postgres/postgres-target.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { programsOf } from '../scenario/target/programs.ts';
import { fine, problem, type Finding } from './doctor/finding.ts';
import { lookAtMachine, type Wanted } from './doctor/look-at-machine.ts';
import { lookAtServer } from './doctor/look-at-server.ts';
import { plan, refusals, type PlanOptions } from './plan.ts';

/** What was found. A run is possible unless a finding is a `problem`. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** Makes the roles that poolproof would use; null where Postgres is started for the run and has them. */
  readonly sql: string | null;
}

/**
 * Looks whether a run is possible here and what it could prove, with a scenario whether its Postgres allows it too.
 * Changes nothing and sends no load. Throws `InputError` where the scenario is wrong.
 */
export async function doctor(file?: string, options: Pick<PlanOptions, 'env'> = {}): Promise<Diagnosis> {
  const planned = file === undefined ? null : await plan(file, options);
  const scenario = planned?.scenario ?? null;
  const findings = [
    ...(await lookAtMachine(wantedBy(scenario))),
    ...(planned === null ? [] : budgetFindings(planned)),
    ...(scenario === null ? [] : await lookAtDatabase(scenario)),
  ];
  return { findings, sql: await sqlFor(scenario) };
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
  const { rolesSql } = await import('../postgres/url/roles-sql.ts');
  if (scenario === null) return rolesSql({ service: 'app', database: 'app' });
  const { postgres } = scenario;
  if (!isForeign(postgres)) return null;
  return rolesSql({ service: postgres.service.user, database: postgres.service.database });
}

function budgetFindings(planned: RunPlan): readonly Finding[] {
  const refused = refusals(planned);
  const { budget } = planned;
  const sum = `${budget.claim} claim + ${budget.headroom} headroom = ${budget.planned} of ${budget.usable} usable`;
  if (refused.length === 0) return [fine('budget', sum)];
  return refused.map(({ message }) => problem('budget', message));
}

function runsImages({ target }: Scenario): boolean {
  if (target.kind === 'url') return false;
  return target.services.some((service) =>
    Object.values(programsOf(service)).some(({ kind }) => kind === 'image'),
  );
}
