/** How to write to a stream: with colour or without, and how wide. */
export interface Look {
  readonly color: boolean;
  readonly width: number;
}

/** Colour only where it is wanted and shows: a terminal, no NO_COLOR, no --no-color. */
export function lookOf(stream: NodeJS.WriteStream, colorFlag: boolean): Look {
  const wanted = colorFlag && (process.env['NO_COLOR'] ?? '') === '';
  return { color: wanted && stream.isTTY, width: Math.min(Math.max(stream.columns || 100, 60), 140) };
}
