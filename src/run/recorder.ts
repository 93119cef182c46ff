import type { RunClock } from '../base/clock.ts';
import type { AttemptBlock } from '../evidence/dataset/attempt-block.ts';
import type { BackendRow } from '../evidence/dataset/backend-row.ts';
import type { EvidenceSink } from '../evidence/evidence.ts';
import type { MarkEvent, RunEvent, SampleEvent } from '../evidence/event.ts';
import { makeLinkRows } from './link-rows.ts';
import type { StatusBoard } from './status.ts';

/** Where every observation of the run passes on its way to the folder and the screen. */
export interface Recorder {
  event(event: RunEvent): void;
  sample(head: SampleEvent, rows: readonly BackendRow[]): void;
  attempts(block: AttemptBlock): void;
  mark(name: MarkEvent['name'], detail?: string): void;
  /** Calls back with every event from now on. */
  hear(react: (event: RunEvent) => void): void;
  /** Calls back with every successful sample from now on. */
  hearSamples(react: (tUs: number, rows: readonly BackendRow[]) => void): void;
  /** Recent events about instances, revisions, the platform's answers and closed connections, from this moment on. */
  since(tUs: number): readonly RunEvent[];
}

/** Connects the doers' observations to the evidence and the status board. */
export function makeRecorder(sink: EvidenceSink, board: StatusBoard, clock: RunClock): Recorder {
  const linkRow = makeLinkRows();
  const hearers: ((event: RunEvent) => void)[] = [];
  const sampleHearers: ((tUs: number, rows: readonly BackendRow[]) => void)[] = [];
  const recent: RunEvent[] = [];
  // Kept apart: there are many, and they would push the others out.
  const recentCloses: RunEvent[] = [];
  const event = (one: RunEvent): void => {
    sink.event(one);
    board.event(one);
    if (one.kind === 'instance' || one.kind === 'revision' || one.kind === 'platform') keep(recent, one);
    if (one.kind === 'link' && one.what === 'close') keep(recentCloses, one);
    const row = one.kind === 'link' ? linkRow(one) : null;
    if (row !== null) sink.backends([row]);
    for (const react of hearers) react(one);
  };
  return {
    event,
    sample: (head, rows) => {
      sink.event(head);
      sink.backends(rows);
      board.sample(head, rows);
      if (head.ok) for (const react of sampleHearers) react(head.t_us, rows);
    },
    hear: (react) => void hearers.push(react),
    hearSamples: (react) => void sampleHearers.push(react),
    attempts: (block) => sink.attempts(block),
    since: (tUs) => [...recent, ...recentCloses].filter(({ t_us }) => t_us >= tUs),
    mark: (name, detail) =>
      event({ t_us: clock.nowUs(), kind: 'mark', name, ...(detail === undefined ? {} : { detail }) }),
  };
}

/** Enough to confirm a fault; older events are on disk. */
const recentEvents = 5_000;

function keep(recent: RunEvent[], event: RunEvent): void {
  recent.push(event);
  if (recent.length > 2 * recentEvents) recent.splice(0, recentEvents);
}
