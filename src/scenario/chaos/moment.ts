import { nearest } from '../../base/nearest.ts';
import { formatMs, parseDurationMs } from '../../base/units.ts';

/** A phase as far as the timeline needs it. */
export interface TimedPhase {
  readonly name: string;
  readonly durationMs: number;
}

/** Microseconds since the load begins, or why there is no such moment. */
export type Moment =
  | { readonly ok: true; readonly atUs: number }
  | { readonly ok: false; readonly why: string; readonly hint?: string };

/** Reads `PHASE`, `PHASE+DURATION` or `DURATION`. A phase that is called like a duration is meant as a phase. */
export function readMoment(text: string, phases: readonly TimedPhase[]): Moment {
  const [name = '', after, ...more] = text.split('+').map((part) => part.trim());
  const startMs = startOf(name, phases);
  const offset = after === undefined ? undefined : parseDurationMs(after);
  if (more.length > 0) return { ok: false, why: `expected one "+" at most, got "${text}"` };
  if (startMs === undefined) {
    const since = after === undefined ? parseDurationMs(name) : undefined;
    return since?.ok === true ? inLoad(since.value, text, phases) : unknownPhase(name, phases);
  }
  if (offset === undefined) return inLoad(startMs, text, phases);
  return offset.ok ? inLoad(startMs + offset.value, text, phases) : offset;
}

function startOf(name: string, phases: readonly TimedPhase[]): number | undefined {
  const index = phases.findIndex((phase) => phase.name === name);
  return index < 0 ? undefined : lengthOf(phases.slice(0, index));
}

function lengthOf(phases: readonly TimedPhase[]): number {
  return phases.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function inLoad(atMs: number, text: string, phases: readonly TimedPhase[]): Moment {
  const endMs = lengthOf(phases);
  if (atMs < endMs) return { ok: true, atUs: Math.round(atMs * 1000) };
  return { ok: false, why: `"${text}" is not before the end of the load, ${formatMs(endMs)} after it began` };
}

function unknownPhase(name: string, phases: readonly TimedPhase[]): Moment {
  const names = phases.map((phase) => phase.name);
  const near = nearest(name, names);
  return {
    ok: false,
    why: `there is no phase "${name}"`,
    hint: near === undefined ? `phases: ${names.join(', ')}` : `did you mean "${near}"?`,
  };
}
