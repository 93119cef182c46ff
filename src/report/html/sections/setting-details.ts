import type { RunRecord } from '../../../evidence/run-record.ts';
import { formatMs, trim } from '../../../base/units.ts';
import { grouped } from '../../words.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';
import { clientRows } from './client-rows.ts';
import { pairs, type Pair } from './pairs.ts';

type Service = View['evidence']['run']['contract']['services'][number];

/** The contract and the traffic as they were really used, and the machine and versions it ran on. */
export function settingDetails(view: View): Markup {
  const { contract } = view.evidence.run;
  return html`<details class="card" id="settings">
    <summary><h2>Settings and environment</h2></summary>
    <div class="columns">
      ${contract.services.map((service) => pairs(`Contract of ${service.name}`, serviceRows(service, contract.assumed)))}${pairs('Traffic', trafficRows(view))}${pairs('Clients', clientRows(view.evidence.run.client))}${pairs('Environment', environmentRows(view))}${pairs('Static checks before load', checkRows(view))}
    </div>
  </details>`;
}

function serviceRows(service: Service, assumed: readonly string[]): readonly Pair[] {
  const row = (key: string, value: string | number): Pair => [
    key,
    html`${value}${assumed.includes(`${service.name}.${key}`) ? html` <span class="tag">default</span>` : null}`,
  ];
  return [
    row('max_instances', service.maxInstances),
    row('min_instances', service.minInstances),
    row('container_concurrency', service.containerConcurrency),
    row('app_workers_per_instance', service.workersPerInstance),
    row('app_pool_max', service.poolMax),
    row('app_pool_min', service.poolMin),
    row('background_sessions', service.backgroundSessions),
    row('rollout_overlap', service.rolloutOverlap),
    row('acquire_timeout_ms', formatMs(service.acquireTimeoutMs)),
    row('statement_timeout_ms', formatMs(service.statementTimeoutMs)),
    row('request_timeout_seconds', formatMs(service.requestTimeoutMs)),
    ...(service.idleTimeoutMs === undefined ? [] : [row('idle_timeout_ms', formatMs(service.idleTimeoutMs))]),
    ...(service.maxLifetimeMs === undefined ? [] : [row('max_lifetime_ms', formatMs(service.maxLifetimeMs))]),
  ];
}

function trafficRows({ evidence: { run } }: View): readonly Pair[] {
  const weights = run.routes.reduce((sum, route) => sum + route.weight, 0);
  const phases = run.phases.map((phase): Pair => {
    const length = formatMs((phase.endUs - phase.startUs) / 1000);
    return [`phase ${phase.name}`, `${length}: ${phase.shape}${phase.stress ? ', stress' : ''}`];
  });
  return [
    ['arrivals', run.arrivals],
    ...phases,
    ...run.routes.map(({ name, weight, hold_ms: holdMs }): Pair => [
      `route ${name}`,
      `${trim((100 * weight) / weights, 1)} %${holdMs === null ? '' : `, holds a session for about ${formatMs(holdMs)}`}`,
    ]),
    ['max in flight', grouped(run.max_in_flight)],
    ['sampling', `every ${formatMs(run.sampling.every_ms)}`],
  ];
}

function environmentRows({ evidence: { run } }: View): readonly Pair[] {
  const { machine, limits } = run;
  return [
    ['poolproof', `${run.tool.version} on Node ${run.tool.node}`],
    [
      'machine',
      `${machine.platform} ${machine.arch}, ${machine.cpus} CPUs, ${trim(machine.memory_bytes / 1024 ** 3, 1)} GiB`,
    ],
    ['platform', platformWords(run.platform)],
    ['Postgres', `${run.postgres.kind} ${run.postgres.version}`],
    ['max_connections', grouped(limits.maxConnections)],
    ['superuser_reserved_connections', grouped(limits.superuserReserved)],
    ['reserved_connections', grouped(limits.reservedConnections)],
    ['database clock offset', clockWords(run.database_clock)],
    ['started', run.started_at],
  ];
}

function clockWords(clock: View['evidence']['run']['database_clock']): string {
  if (clock === null) return 'not measured';
  return `${formatMs(clock.offset_us / 1000)} ± ${formatMs(clock.error_us / 1000)}`;
}

function checkRows({ evidence: { run } }: View): readonly Pair[] {
  const marks = { ok: '✓', warning: '!', refusal: '✗' } as const;
  return run.checks.map(({ id, level, message }) => [`${marks[level]} ${id}`, message]);
}

function platformWords(platform: RunRecord['platform']): string {
  return platform.kind === 'local' ? `local, profile ${platform.profile}` : 'an address';
}
