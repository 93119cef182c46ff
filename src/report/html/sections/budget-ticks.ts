import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

/** The width of the lanes, in percent. */
export const laneWidth = 100;

/** Where on the width a number of slots stands, in percent. */
export type At = (slots: number) => number;

/** From the top, in pixels; each lane has its label above it. */
export const laneTops = { server: 14, promise: 50, observed: 86 } as const;
export const laneHeight = 20;
/** Where the lanes end and the labels of the limits begin. */
export const lanesPx = 112;

interface Tick {
  readonly slots: number;
  readonly label: string;
}

function ticksOf({ summary: { budget } }: View): readonly Tick[] {
  const ticks = [
    { slots: budget.claim, label: `claim ${budget.claim}` },
    ...(budget.claim_overlap > budget.claim
      ? [{ slots: budget.claim_overlap, label: `claim in a rollout ${budget.claim_overlap}` }]
      : []),
    ...(budget.headroom > 0
      ? [
          {
            slots: budget.usable - budget.headroom,
            label: `headroom from ${budget.usable - budget.headroom}`,
          },
        ]
      : []),
    { slots: budget.usable, label: `usable ${budget.usable}` },
    { slots: budget.max_connections, label: `max_connections ${budget.max_connections}` },
  ];
  return ticks.sort((a, b) => a.slots - b.slots);
}

interface PlacedTick extends Tick {
  readonly x: number;
  readonly row: number;
  readonly isLate: boolean;
}

/** Every label gets the first row in which it touches no other, reckoned for a narrow screen. */
function placed(view: View, at: At): readonly PlacedTick[] {
  const taken: { from: number; to: number }[][] = [];
  return ticksOf(view).map((tick) => {
    const x = at(tick.slots);
    const isLate = x > 50;
    const width = tick.label.length * 2 + 2;
    const span = isLate ? { from: x - width, to: x } : { from: x, to: x + width };
    const isFree = (row: readonly { from: number; to: number }[]): boolean =>
      row.every((other) => span.to <= other.from || span.from >= other.to);
    const free = taken.findIndex(isFree);
    const row = free === -1 ? taken.length : free;
    (taken[row] ??= []).push(span);
    return { ...tick, x, row, isLate };
  });
}

/** How high the labels are together. */
export function ticksPx(view: View, at: At): number {
  return placed(view, at).reduce((most, { row }) => Math.max(most, row + 1), 0) * 15 + 6;
}

/** The limits, each a line through all lanes with its label below them. */
export function tickMarks(view: View, at: At): Markup {
  return html`${placed(view, at).map(({ x, row, isLate, label, slots }) => {
    const y = lanesPx + row * 15 + 12;
    const isWall = slots === view.summary.budget.max_connections;
    const isCut = at(slots) === laneWidth && !isWall && slots > view.summary.budget.max_connections;
    return html`<g class="tick-mark${isWall ? ' wall' : ''}"
      ><line x1="${x}%" x2="${x}%" y1="${laneTops.server}" y2="${y}" /><text
        x="${x}%"
        y="${y}"
        dx="${isLate ? -4 : 4}"
        text-anchor="${isLate ? 'end' : 'start'}"
        >${label}${isCut ? ' →' : ''}</text
      ></g
    >`;
  })}`;
}
