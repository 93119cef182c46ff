import { backendSources, type BackendRow } from './backend-row.ts';
import { doubleOrNull, int32, int64, oneOf, stringOrNull } from './column.ts';
import { cellAt, type Table } from './table.ts';

/** `backends/*.parquet`: sessions in Postgres, one row for those alike at one moment. */
export const backendTable: Table<BackendRow> = {
  name: 'backends',
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
  // Written out, so that every row has the same shape in memory and takes no more than it needs.
  rowOf: (cells, index) => ({
    tUs: cellAt(cells.tUs, index),
    source: cellAt(cells.source, index),
    service: cellAt(cells.service, index),
    revision: cellAt(cells.revision, index),
    instance: cellAt(cells.instance, index),
    role: cellAt(cells.role, index),
    applicationName: cellAt(cells.applicationName, index),
    state: cellAt(cells.state, index),
    waitType: cellAt(cells.waitType, index),
    wait: cellAt(cells.wait, index),
    count: cellAt(cells.count, index),
    maxXactMs: cellAt(cells.maxXactMs, index),
    maxQueryMs: cellAt(cells.maxQueryMs, index),
    maxStateMs: cellAt(cells.maxStateMs, index),
  }),
};
