import Papa from 'papaparse';
import type { LogRecord, RecordReader } from './log-record.ts';

/** The columns that are used here; PostgreSQL 13 added the one of the backend's type. */
const column = {
  time: 0,
  role: 1,
  database: 2,
  pid: 3,
  client: 4,
  severity: 11,
  sqlstate: 12,
  message: 13,
  applicationName: 22,
  backendType: 23,
} as const;

/** A record with no end after this many characters is none: a quote got lost. */
const longest = 1024 * 1024;

/** Reads a csvlog. A quoted value may hold line breaks, so a record ends where all its quotes are closed. */
export function makeCsvReader(): RecordReader {
  let begun = '';
  return (line) => {
    const text = begun === '' ? line : `${begun}\n${line}`;
    const isOpen = quotesIn(text) % 2 === 1;
    begun = isOpen && text.length < longest ? text : '';
    if (begun !== '') return null;
    return isOpen ? undefined : readCsvRecord(text);
  };
}

function quotesIn(text: string): number {
  return text.split('"').length - 1;
}

function readCsvRecord(text: string): LogRecord | undefined {
  const cells = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' }).data[0] ?? [];
  const cell = (name: keyof typeof column): string | null => {
    const value = cells[column[name]] ?? '';
    return value === '' ? null : value;
  };
  const [time, severity, pid] = [cell('time'), cell('severity'), Number(cell('pid'))];
  if (time === null || severity === null || !(pid > 0) || cells.length <= column.applicationName)
    return undefined;
  const sqlstate = cell('sqlstate');
  return {
    time,
    severity,
    sqlstate: sqlstate === '00000' ? null : sqlstate,
    pid,
    port: portOf(cell('client')),
    role: cell('role'),
    database: cell('database'),
    applicationName: cell('applicationName'),
    backendType: cell('backendType'),
    message: cell('message') ?? '',
  };
}

/** "127.0.0.1:51234"; a socket of the machine is "[local]". */
function portOf(client: string | null): number | null {
  const port = Number(/:(\d+)$/.exec(client ?? '')?.[1]);
  return port > 0 ? port : null;
}
