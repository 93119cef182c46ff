import type { ForeignPostgres } from '../../scenario/postgres/postgres-target.ts';
import { findExportFormat } from './find-log.ts';
import type { Inspection } from './inspect-server.ts';

/** What was found, with the log in its export where the scenario names one. */
export function exportedLog(target: ForeignPostgres, inspection: Inspection): Inspection {
  if (target.logExport === undefined) return inspection;
  const found = findExportFormat(inspection.monitor.log);
  if (!found.ok) return { ...inspection, log: { source: null, why: found.why } };
  const { file: path, waitMs } = target.logExport;
  const instance = target.kind === 'cloud_sql' ? databaseIdOf(target.instance) : null;
  return {
    ...inspection,
    log: {
      source: { kind: 'export', path, waitMs, instance, ...found.format, isTranslated: instance !== null },
      why: null,
    },
  };
}

/** As Cloud Logging names an instance: its connection name without the region. */
function databaseIdOf(instance: string): string {
  const parts = instance.split(':');
  return [...parts.slice(0, -2), ...parts.slice(-1)].join(':');
}
