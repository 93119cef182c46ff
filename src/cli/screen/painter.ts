import type { View } from './view.ts';

/** One way to show a view: called often, with what is now. */
export interface Painter {
  readonly everyMs: number;
  paint(view: View): void;
  close(): void;
}
