import { z } from 'zod';
import { described, exampleOf, listOf } from '../../base/json-schema.ts';
import { incidentShape } from './incident/incident-shape.ts';
import { budget } from './shapes/budget.ts';
import { diagnosis, prediction } from './shapes/findings.ts';
import { backends, change, instances } from './shapes/fleet.ts';
import { bound, guard } from './shapes/judged.ts';
import { phase, schedule } from './shapes/load.ts';
import { origin } from './shapes/origin.ts';
import { pooler } from './shapes/pooler.ts';
import { amplification, goodput, latency, outcome } from './shapes/requests.ts';
import { answers, ended, exercise, judgedBy } from './shapes/whole.ts';

/** `summary.json`: the single source of every surface. Holds nothing that changes from one judging to the next. */
export const summarySchema = z.object({
  schema_version: z.literal(1),
  name: z.string().meta({ description: 'The name of the scenario.', examples: ['burst'] }),
  started_at: z.string().meta({
    description: "Wall time of the run's origin, ISO 8601.",
    examples: ['2026-12-01T12:37:21.485Z'],
  }),
  tool_version: z
    .string()
    .meta({ description: 'The version of poolproof that made the run.', examples: ['0.1.0'] }),
  judged_by: described(judgedBy, 'Files that took the place of the rules that the run was made with.'),
  verdict: z.enum(['PASS', 'DEGRADED', 'FAIL', 'INCONCLUSIVE', 'ABORTED', 'INTERRUPTED']).meta({
    description:
      'The overall word: ABORTED and INTERRUPTED say how the run ended, the others what it showed.',
    examples: ['FAIL'],
  }),
  headline: z.string().meta({
    description: 'The verdict in one sentence, with the numbers that decide it.',
    examples: ['FAIL: claim-steady (B01): worker: 12 sessions, claim 6, above it for 109 ms'],
  }),
  provenance: described(
    origin,
    'Where the numbers come from, section by section; bounds, guards and predictions say it themselves.',
  ),
  answers: described(answers, 'The two questions that a run answers.'),
  exercise: described(exercise, 'How hard the run exercised the service.'),
  budget: described(budget, 'What the server has, and what was promised of it, in sessions.'),
  poolers: listOf(pooler, 'The second layer of the budget, one entry for each pooler that was looked at.'),
  bounds: listOf(bound, "Every bound, then the scenario's own assertions."),
  validity: listOf(guard, 'Every guard: whether the run is good enough to say anything.'),
  diagnosis: listOf(diagnosis, 'What explains the verdict, the surest first.'),
  incident: incidentShape.nullable().meta({
    description: 'The run told as an incident; null where Postgres refused nobody.',
    examples: [exampleOf(incidentShape)],
  }),
  predictions: listOf(prediction, 'What the plan predicted, held against what was measured.'),
  outcomes: listOf(outcome, 'How attempts ended, retries included, by the phase of their arrival.'),
  latency: listOf(latency, 'Of attempts, retries included, each from its own intended start.'),
  amplification: listOf(amplification, 'What the arrivals of each phase came to in attempts.'),
  goodput: listOf(goodput, 'What the callers of each phase got.'),
  backends: described(backends, 'Sessions in Postgres.'),
  instances: described(
    instances,
    'Instances of the service that load was sent at; `services` has every declared one.',
  ),
  changes: listOf(change, 'Rollouts and faults, in time order.'),
  schedule: described(schedule, 'What was planned, and what became of it.'),
  phases: listOf(phase, 'The phases of the run, in time order.'),
  caveats: z.array(z.string()).meta({
    description:
      "What the reader must know about this run's limits: what was not tested, what could not be read.",
    examples: [['not tested in this run: rollout overlap, nor any other mix of requests than this one']],
  }),
  ended: described(ended, 'How the run ended.'),
});

export type Summary = z.infer<typeof summarySchema>;

/** The JSON Schema of `summary.json`, as published in `scenarios/schema/summary.v1.json`. */
export function summaryJsonSchema(): object {
  return {
    ...z.toJSONSchema(summarySchema, { target: 'draft-2020-12' }),
    title: 'poolproof summary',
    description: 'The verdict of one run with the evidence behind it.',
  };
}
