import { backendSources, type BackendRow } from './backend-row.ts';
import { doubleOrNull, int32, int64, oneOf, stringOrNull } from './column.ts';
import type { Table } from './table.ts';

/** `backends/*.parquet`: sessions in Postgres, one row for those alike at one moment. */
export const backendTable: Table<BackendRow> = {
  name: 'backends',
  time: 'tUs',
  columns: {
    tUs: int64('t_us'),
    source: oneOf('source', backendSources),
    service: stringOrNull('service'),
    revision: stringOrNull('revision'),
    instance: stringOrNull('instance'),
    role: stringOrNull('role'),
    applicationName: stringOrNull('application_name'),
    state: stringOrNull('state'),
    waitType: stringOrNull('wait_type'),
    wait: stringOrNull('wait'),
    count: int32('count'),
    maxXactMs: doubleOrNull('max_xact_ms'),
    maxQueryMs: doubleOrNull('max_query_ms'),
    maxStateMs: doubleOrNull('max_state_ms'),
  },
  // Written out, so that all rows share one compact shape in memory. Every column has all rows.
  rowOf: (cells, index) => ({
    tUs: cells.tUs[index] as BackendRow['tUs'],
    source: cells.source[index] as BackendRow['source'],
    service: cells.service[index] as BackendRow['service'],
    revision: cells.revision[index] as BackendRow['revision'],
    instance: cells.instance[index] as BackendRow['instance'],
    role: cells.role[index] as BackendRow['role'],
    applicationName: cells.applicationName[index] as BackendRow['applicationName'],
    state: cells.state[index] as BackendRow['state'],
    waitType: cells.waitType[index] as BackendRow['waitType'],
    wait: cells.wait[index] as BackendRow['wait'],
    count: cells.count[index] as BackendRow['count'],
    maxXactMs: cells.maxXactMs[index] as BackendRow['maxXactMs'],
    maxQueryMs: cells.maxQueryMs[index] as BackendRow['maxQueryMs'],
    maxStateMs: cells.maxStateMs[index] as BackendRow['maxStateMs'],
  }),
};
