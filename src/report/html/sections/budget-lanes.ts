/** The width of the lanes, in percent. */
export const laneWidth = 100;

/** Where on the width a number of slots stands, in percent. */
export type At = (slots: number) => number;

/** From the top, in pixels; each lane has its label above it. */
export const laneTops = { server: 14, promise: 50, observed: 86 } as const;
export const laneHeight = 20;
/** Where the lanes end and the labels of the limits begin. */
export const lanesPx = 112;
