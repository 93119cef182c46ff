import { hiddenValues, shown, shownRecord, shownSaid } from '../base/secrets/secrets.ts';
import type { Block } from './dataset/block.ts';
import { columnsOf, type Table } from './dataset/table.ts';
import type { RunEvent } from './event.ts';
import type { RunRecord } from './run-record.ts';

/* What may be kept of observations: everything but the values of secrets. */

/** Where an event has the words of a service, a server, a command or a system. */
const saidInEvents: ReadonlySet<string> = new Set([
  'application_name',
  'blocker_application_name',
  'detail',
  'error',
  'message',
  'reason',
  'settings',
]);

/** Where `run.json` has what a person wrote without any rule of ours. */
const saidInRuns: ReadonlySet<string> = new Set([
  'application_name',
  'because',
  'command',
  'evidence_lost',
  'reason',
  'undo',
]);

export function shownEvent(event: RunEvent): RunEvent {
  return shownRecord(event, saidInEvents);
}

export function shownRunRecord(run: RunRecord): RunRecord {
  return shownRecord(run, saidInRuns);
}

/** Columns with the headers that a service has answered with, and the names that sessions gave themselves. */
const saidInColumns: ReadonlySet<string> = new Set(['errorCode', 'sqlstate', 'applicationName']);

/** The texts of a block as they may be kept; its numbers stay where they are. */
export function shownBlock<Row>(table: Table<Row>, block: Block): Block {
  if (hiddenValues().length === 0) return block;
  const ours = placesIn(table, block);
  const strings = block.strings.map((text, place) => (ours.has(place) ? shown(text) : shownSaid(text)));
  return strings.every((text, index) => text === block.strings[index]) ? block : { ...block, strings };
}

/** The places of the texts in columns of our own words. */
function placesIn<Row>(table: Table<Row>, { count, numbers }: Block): ReadonlySet<number> {
  const places = new Set<number>();
  for (const [index, [property, { type }]] of columnsOf(table).entries()) {
    if (type !== 'STRING' || saidInColumns.has(String(property))) continue;
    for (const place of numbers.subarray(index * count, (index + 1) * count)) places.add(place);
  }
  return places;
}
