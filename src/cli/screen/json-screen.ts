import type { Painter } from './painter.ts';
import { stageOf } from './view.ts';

/** One JSON object a second: for programs that watch. */
export function jsonScreen(stream: NodeJS.WriteStream): Painter {
  return {
    everyMs: 1000,
    paint: (view) => {
      const { byState, ...status } = view.status;
      const line = {
        elapsed_s: Number(view.elapsedS.toFixed(3)),
        stage: stageOf(view),
        load: view.load,
        status: { ...status, by_state: Object.fromEntries(byState) },
      };
      stream.write(`${JSON.stringify(line)}\n`);
    },
    close: () => undefined,
  };
}
