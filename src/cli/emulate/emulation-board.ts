import type { RunEvent } from '../../evidence/event.ts';
import type { EmulatorStatus } from '../../platform/platform.ts';

/** What became of the connections of one revision. */
export interface SessionCounts {
  readonly open: number;
  readonly peak: number;
  readonly refused: number;
}

/** The emulation at one moment. */
export interface EmulationView {
  readonly status: EmulatorStatus | null;
  sessionsOf(revision: string): SessionCounts;
  /** How often the platform itself answered for a service so far, by reason. */
  answersOf(service: string): ReadonlyMap<string, number>;
}

/** Keeps the view up to date. */
export interface EmulationBoard {
  event(event: RunEvent): void;
  status(status: EmulatorStatus | null): void;
  view(): EmulationView;
}

const none: SessionCounts = { open: 0, peak: 0, refused: 0 };

export function makeEmulationBoard(): EmulationBoard {
  let status: EmulatorStatus | null = null;
  const sessions = new Map<string, SessionCounts>();
  const answers = new Map<string, Map<string, number>>();
  return {
    event: (event) => {
      if (event.kind === 'link')
        sessions.set(event.revision, counted(sessions.get(event.revision) ?? none, event));
      if (event.kind !== 'platform') return;
      const reasons = answers.get(event.service) ?? new Map<string, number>();
      const reason = `${event.status} ${event.reason}`;
      answers.set(event.service, reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
    },
    status: (next) => (status = next ?? status),
    view: () => ({
      status,
      sessionsOf: (revision) => sessions.get(revision) ?? none,
      answersOf: (service) => answers.get(service) ?? new Map<string, number>(),
    }),
  };
}

function counted(counts: SessionCounts, event: Extract<RunEvent, { kind: 'link' }>): SessionCounts {
  if (event.what === 'refused') return { ...counts, refused: counts.refused + 1 };
  const opened = event.what === 'session' ? 1 : 0;
  const closed = event.what === 'close' && event.was_session === true ? 1 : 0;
  const open = counts.open + opened - closed;
  return { ...counts, open, peak: Math.max(counts.peak, open) };
}
