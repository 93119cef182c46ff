import type { Summary } from '../../verdict/summary/summary.ts';
import { plainLine, provenanceMarks } from '../words.ts';
import { fill } from './fill.ts';

type Pooler = Summary['poolers'][number];

/** The second layer of the budget on one line: of the pooler that does not fit, or of the first. */
export function poolerLines({ poolers, provenance }: Summary, width: number): readonly string[] {
  const told =
    poolers.find(({ server, client }) => server.fits === false || client.fits === false) ?? poolers[0];
  if (told === undefined) return [];
  const others = poolers.length === 1 ? '' : ` · ${poolers.length - 1} more`;
  const mark = provenanceMarks[provenance.sections.backends];
  return fill(`pooler ${mark}: ${plainLine(told.name)} ${factsOf(told).join(' · ')}${others}`, {
    width,
    indent: 2,
    most: 2,
  });
}

function factsOf(one: Pooler): readonly string[] {
  if (one.looks === 0) return [`its console was never reached (${one.failed} failed looks)`];
  const { waiting_peak: waiting } = one;
  return [
    `${sideOf(one.server)} at Postgres`,
    `clients ${sideOf(one.client)}`,
    ...(waiting === null || waiting === 0 ? [] : [`up to ${waiting} waited`]),
  ];
}

function sideOf({ sum, peak }: Pooler['server']): string {
  return `${sum ?? 'sum unknown'}${peak === null ? '' : `, peak ${peak}`}`;
}
