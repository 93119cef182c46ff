import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { RevisionStatus, ServiceStatus } from '../../platform/platform.ts';
import type { Look } from '../look.ts';
import type { EmulationView, SessionCounts } from './emulation-board.ts';

/** Retired revisions without any instance are of no interest any more. */
const shownRevisions = 8;

/** A name may have 63 characters; its end tells revisions apart. */
const nameWidth = 20;

/** Between two columns. */
const gap = '  ';

/** A table without any frame. */
const noLines = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['mid', 'mid-mid', 'left-mid', 'right-mid', 'right'])
    .map((name) => [name, '']),
);

interface Column {
  readonly head: string;
  /** Columns that a narrow terminal does without, the lowest first; the others always stay. */
  readonly rank?: number;
  readonly isText?: true;
  readonly value: (row: Row) => string | number;
}

interface Row {
  readonly revision: RevisionStatus;
  readonly service: ServiceStatus;
  readonly sessions: SessionCounts;
}

const columns: readonly Column[] = [
  { head: 'revision', isText: true, value: ({ revision }) => shortName(revision.name) },
  { head: 'traffic', rank: 6, isText: true, value: ({ revision, service }) => trafficOf(revision, service) },
  { head: 'ready', value: ({ revision }) => revision.instances.ready },
  { head: 'starting', rank: 3, value: ({ revision }) => revision.instances.starting },
  { head: 'stopping', rank: 1, value: ({ revision }) => revision.instances.stopping },
  { head: 'max', rank: 5, value: ({ revision }) => revision.maxInstances },
  { head: 'in flight', value: ({ revision }) => revision.inFlight },
  { head: 'queued', value: ({ revision }) => revision.queued },
  { head: 'sessions', value: ({ sessions }) => sessions.open },
  { head: 'peak', rank: 2, value: ({ sessions }) => sessions.peak },
  { head: 'refused', rank: 4, value: ({ sessions }) => sessions.refused },
];

/** Every service with its revisions, as lines that fit the terminal's width. */
export function emulationLines(view: EmulationView, { color, width }: Look): readonly string[] {
  const chalk = new Chalk({ level: color ? 2 : 0 });
  const services = view.status?.services ?? [];
  const rowsOf = (service: ServiceStatus): readonly Row[] =>
    service.revisions
      .filter((revision) => isOfInterest(revision, service))
      .slice(0, shownRevisions)
      .map((revision) => ({ revision, service, sessions: view.sessionsOf(revision.name) }));
  const shown = columnsFor(services.flatMap(rowsOf), width);
  return services.flatMap((service) => [
    `${chalk.bold(service.name)}  ${service.url}`,
    ...tableOf(rowsOf(service), shown).split('\n'),
    ...answerLine(view.answersOf(service.name), chalk),
  ]);
}

/** All columns, or as many as fit. */
function columnsFor(rows: readonly Row[], width: number): readonly Column[] {
  const droppable = columns
    .flatMap((column) => (column.rank === undefined ? [] : [{ column, rank: column.rank }]))
    .sort((a, b) => a.rank - b.rank);
  let shown = columns;
  for (const { column } of droppable) {
    if (widthOf(shown, rows) <= width) break;
    shown = shown.filter((one) => one !== column);
  }
  return shown;
}

function widthOf(shown: readonly Column[], rows: readonly Row[]): number {
  const widths = shown.map(({ head, value }) =>
    Math.max(head.length, ...rows.map((row) => String(value(row)).length)),
  );
  return widths.reduce((sum, width) => sum + gap.length + width, 0);
}

function tableOf(rows: readonly Row[], shown: readonly Column[]): string {
  const table = new Table({
    head: shown.map(({ head }) => head),
    colAligns: shown.map(({ isText }) => (isText === true ? 'left' : 'right')),
    chars: { ...noLines, left: gap, middle: gap },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(shown.map(({ value }) => value(row)));
  return table.toString();
}

function shortName(name: string): string {
  return name.length <= nameWidth ? name : `…${name.slice(1 - nameWidth)}`;
}

function isOfInterest({ name, instances, queued }: RevisionStatus, { traffic }: ServiceStatus): boolean {
  const alive = instances.starting + instances.ready + instances.stopping;
  return alive + queued > 0 || traffic.some(({ revision }) => revision === name);
}

function trafficOf({ name, state }: RevisionStatus, { traffic }: ServiceStatus): string {
  const own = traffic.filter(({ revision }) => revision === name);
  const percent = own.reduce((sum, line) => sum + line.percent, 0);
  const tags = own.flatMap(({ tag }) => (tag === null ? [] : [tag]));
  return own.length === 0 ? state : [`${percent} %`, ...tags].join(' ');
}

function answerLine(answers: ReadonlyMap<string, number>, chalk: ChalkInstance): readonly string[] {
  if (answers.size === 0) return [];
  const words = [...answers].map(([reason, count]) => `${reason} ${count}`).join(' · ');
  return [chalk.yellow(`${gap}answered by the platform: ${words}`)];
}
