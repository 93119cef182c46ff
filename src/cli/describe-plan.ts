import { Chalk, type ChalkInstance } from 'chalk';
import { allVisible, visibleLine } from '../base/visible.ts';
import Table from 'cli-table3';
import { mapTexts } from '../base/secrets/redact.ts';
import { shownSaid } from '../base/secrets/secrets.ts';
import { formatMs, trim } from '../base/units.ts';
import type { StaticCheck } from '../contract/check-contract.ts';
import { peakRate } from '../plan/planned-phases.ts';
import type { PlannedPhase, RunPlan } from '../plan/run-plan.ts';
import { showDatabaseUrl } from '../scenario/postgres/database-url.ts';
import type { PostgresTarget } from '../scenario/postgres/postgres-target.ts';
import { programsOf } from '../scenario/target/programs.ts';
import type { LocalService, LocalTarget } from '../scenario/target/local-target.ts';
import type { Target } from '../scenario/target/target.ts';
import { besideWords } from './beside-words.ts';
import { clientWords } from './client-words.ts';
import type { Look } from './look.ts';

/** The plan for people: identity, budget sum, checks, phases with arrivals per route, predictions. */
export function describePlan(plan: RunPlan, look: Look): string {
  const chalk = new Chalk({ level: look.color ? 2 : 0 });
  const sections = [
    identity(plan, chalk),
    budgetSum(plan),
    checks(allVisible(plan.checks), chalk),
    phases(plan),
    chaos(plan),
    predictions(plan),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The plan for programs: everything but the arrivals, which the hash stands for. */
export function planAsJson(plan: RunPlan): string {
  const { arrivals, scenario, ...rest } = plan;
  const shown = { name: scenario.name, seed: scenario.seed, arrivals: arrivals.count, ...rest };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

function identity(plan: RunPlan, chalk: ChalkInstance): string {
  const { scenario, arrivals, phases: planned } = plan;
  const peak = Math.max(...planned.map(peakRate));
  const length = formatMs((planned.at(-1)?.endUs ?? 0) / 1000);
  return [
    `${chalk.bold(visibleLine(scenario.name))}  seed ${scenario.seed}  schedule ${plan.scheduleHash.slice(0, 12)}`,
    `${length}, ${arrivals.count} arrivals (${scenario.traffic.arrivals.kind}), peak ${trim(peak, 1)}/s`,
    ...targetLines(scenario.target).map(
      (line, index) => `${index === 0 ? 'target' : ''.padEnd(6)}    ${line}`,
    ),
    `postgres  ${postgresWords(scenario.postgres)}`,
    `client    ${clientWords(scenario.client)}`,
    ...besideWords(plan),
  ].join('\n');
}

function postgresWords(postgres: PostgresTarget): string {
  const limit = `max_connections ${postgres.maxConnections}`;
  if (postgres.kind === 'embedded') return `embedded, ${limit}`;
  if (postgres.kind === 'container') return `container of ${postgres.image}, ${limit}`;
  if (postgres.kind === 'url') return `${showDatabaseUrl(postgres.service)}, declared with ${limit}`;
  const { user, database, auth } = postgres.service;
  return `Cloud SQL ${postgres.instance} (${postgres.ipType}), ${user} in ${database} by ${auth}, declared with ${limit}`;
}

/** Where each service runs, a line each. */
function targetLines(target: Target): readonly string[] {
  if (target.kind === 'url') return [`${target.url}, service ${target.service}`];
  return target.services.map((service) => targetWords(service, target));
}

/** What is run for each container of a service. */
function targetWords(local: LocalService, { service, emulation }: LocalTarget): string {
  const words = Object.values(programsOf(local)).map((program) =>
    program.kind === 'process' ? program.command.map(shownSaid).join(' ') : `image ${program.image}`,
  );
  const { name } = local;
  const place =
    name === service ? `local emulator (${emulation.profile}), service ${name}` : `beside it, ${name}`;
  return `${place}: ${words.join(' + ')}`;
}

function budgetSum(plan: RunPlan): string {
  const { budget, limits, scenario } = plan;
  const reserved = limits.superuserReserved + limits.reservedConnections;
  const claims = scenario.contract.services.map((service, index) => {
    const background =
      service.backgroundSessions > 0 ? ` + ${service.backgroundSessions} in the background` : '';
    return `  ${service.name}: ${service.maxInstances} instances x ${service.workersPerInstance} ${service.workersPerInstance === 1 ? 'worker' : 'workers'} x ${service.poolMax} sessions${background} = ${budget.services[index]?.claim ?? 0}`;
  });
  const assumed = scenario.contract.assumed;
  return [
    'budget (sessions)',
    ...claims,
    `  headroom ${budget.headroom}: ${scenario.contract.headroom.map((line) => `${line.purpose.replaceAll('_', ' ')} ${line.slots}`).join(', ') || 'none declared'}`,
    `  usable   ${limits.maxConnections} max_connections - ${reserved} reserved = ${budget.usable}`,
    `  steady   ${budget.claim} + ${budget.headroom} = ${budget.planned} of ${budget.usable}: ${budget.fitsSteady ? 'fits' : 'DOES NOT FIT'}`,
    `  rollout  ${budget.claimOverlap} + ${budget.headroom} = ${budget.rolloutPlanned} of ${budget.usable}: ${budget.fitsRollout ? 'fits' : 'does not fit'}`,
    ...(assumed.length > 0 ? [`  assumed, because nobody declared it: ${assumed.join(', ')}`] : []),
  ].join('\n');
}

function checks(all: readonly StaticCheck[], chalk: ChalkInstance): string {
  const marks = {
    ok: chalk.green('ok     '),
    warning: chalk.yellow('warning'),
    refusal: chalk.red('REFUSED'),
  };
  return ['checks', ...all.map((check) => `  ${marks[check.level]}  ${check.message}`)].join('\n');
}

function phases(plan: RunPlan): string {
  const routes = plan.scenario.requests.map((request) => request.name);
  const table = new Table({
    head: ['phase', 'from', 'length', 'load', 'arrivals', 'dispersion', ...routes],
    style: { head: [], border: [], compact: true },
  });
  for (const phase of plan.phases) {
    table.push([
      phase.stress ? `${phase.name} (stress)` : phase.name,
      formatMs(phase.startUs / 1000),
      formatMs((phase.endUs - phase.startUs) / 1000),
      loadWords(phase, plan.scenario.traffic.arrivals.kind),
      phase.closed === null ? phase.arrivals : 'not controlled',
      dispersionWords(phase),
      ...phase.arrivalsPerRoute.map((count) => (phase.closed === null ? count : '')),
    ]);
  }
  return table.toString();
}

/** Names the arrival process where it differs from the scenario's. */
function loadWords({ shape, process }: PlannedPhase, usual: string): string {
  return process === null || process === usual ? shape : `${shape}, ${process}`;
}

/** Variance over mean of the arrivals in windows of a second: 1 is Poisson. */
function dispersionWords({ dispersion, longRunDispersion }: PlannedPhase): string {
  const inTheLongRun = longRunDispersion === null ? '' : ` (${trim(longRunDispersion, 1)} in the long run)`;
  return dispersion === null ? inTheLongRun.trim() : `${trim(dispersion, 2)}${inTheLongRun}`;
}

function chaos({ scenario }: RunPlan): string {
  if (scenario.chaos.length === 0) return '';
  const lines = scenario.chaos.map(({ atUs, forUs, service, fault }) => {
    const { kind, ...given } = fault;
    const lasting = forUs === null ? '' : ` for ${formatMs(forUs / 1000)}`;
    const parameters =
      Object.keys(given).length === 0 ? '' : ` ${JSON.stringify(mapTexts(given, shownSaid))}`;
    return `  ${formatMs(atUs / 1000).padStart(7)}  ${kind} ${service}${lasting}${parameters}`;
  });
  return ['chaos', ...lines].join('\n');
}

function predictions(plan: RunPlan): string {
  if (plan.predictions.length === 0) return '';
  return [
    'predictions (compared with the measurement after the run)',
    ...plan.predictions.map((one) => `  ${one.phase}: ${one.statement}`),
  ].join('\n');
}
