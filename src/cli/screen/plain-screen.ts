import type { RunProgress } from '../../verbs/progress.ts';
import { stageOf, type Painter } from './painter.ts';
import { sentOf } from './sent-of.ts';

const reportEveryS = 10;

/** A line at every change of phase and every ten seconds: for logs and CI. */
export function plainScreen(stream: NodeJS.WriteStream): Painter {
  let stage = '';
  let nextS = 0;
  return {
    everyMs: 250,
    paint: (progress) => {
      const now = stageOf(progress);
      const due = progress.status.stage === 'load' && progress.elapsedS >= nextS;
      if (now === stage && !due) return;
      stage = now;
      nextS = progress.elapsedS + reportEveryS;
      stream.write(`${lineOf(progress)}\n`);
    },
    close: () => undefined,
  };
}

function lineOf(progress: RunProgress): string {
  const { status, load, plan } = progress;
  const clock = load === null ? '' : `${Math.max(0, progress.elapsedS).toFixed(0).padStart(3)}s  `;
  if (load === null) return `${clock}${stageOf(progress)}`;
  const claim = plan.budget.claim;
  const retries = load.retries > 0 ? `  retries ${load.retries}` : '';
  const refused = status.refused > 0 ? `  refused by Postgres ${status.refused}` : '';
  return (
    `${clock}${stageOf(progress).padEnd(12)} sent ${sentOf(load)}${retries}  dropped ${load.dropped}  in flight ${load.inFlight}` +
    `  ok ${load.ok}  refused ${load.refused}  failed ${load.failed}` +
    `  sessions ${status.sessions} (peak ${status.peakSessions}, claim ${claim})  instances ${status.instancesReady}${refused}`
  );
}
