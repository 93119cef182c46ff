import { stageOf, type Painter } from './painter.ts';

/** One JSON object a second: for programs that watch. */
export function jsonScreen(stream: NodeJS.WriteStream): Painter {
  return {
    everyMs: 1000,
    paint: (progress) => {
      const { byState, ...status } = progress.status;
      const line = {
        elapsed_s: Number(progress.elapsedS.toFixed(3)),
        stage: stageOf(progress),
        load: progress.load,
        status: { ...status, by_state: Object.fromEntries(byState) },
      };
      stream.write(`${JSON.stringify(line)}\n`);
    },
    close: () => undefined,
  };
}
