import { z } from 'zod';
import { jsonSchemaOf } from '../../base/json-schema.ts';
import { writeShape } from '../../base/write-shape.ts';
import { label } from '../language/label.ts';
import { durationMs, positiveMs } from '../language/with-unit.ts';
import type { ChaosStep } from './chaos-step.ts';
import type { FaultSpec } from './fault-spec.ts';
import { faultNamed, faultNames, faultSpecs, type Fault } from './faults.ts';

/** One step of `chaos:`. Names and parameters of faults are checked one by one, to say what is near. */
const stepShape = z.strictObject({
  at: z
    .string('expected a phase, a phase and a time such as "burst+3s", or a time since the load began')
    .describe('When it begins: PHASE, PHASE+DURATION, or DURATION since the load began.')
    .meta({ examples: ['burst+3s', '30s'] }),
  for: positiveMs
    .optional()
    .describe('It is undone after this long. Only for what can be undone.')
    .meta({ examples: ['5s'] }),
  do: z
    .string()
    .describe('The fault.')
    .meta({ enum: [...faultNames], examples: ['db.latency'] }),
  with: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('The parameters of the fault.')
    .meta({ examples: [{ delay: '50ms' }] }),
  service: label
    .optional()
    .describe('Which service. Default: the one that load is sent at.')
    .meta({ examples: ['worker'] }),
});

/** `chaos:`, a list of steps. The published schema knows the parameters of each fault. */
export const chaosShape = z.array(stepShape.meta({ allOf: faultSpecs.map(parametersIn) }));

export type StepInFile = z.output<typeof stepShape>;

/** JSON Schema for "of this fault, `with` is this". */
function parametersIn({ kind, parameters }: FaultSpec): object {
  const schema = jsonSchemaOf(parameters);
  delete schema.$schema;
  const required = schema.required === undefined ? {} : { required: ['with'] };
  return { if: { properties: { do: { const: kind } } }, then: { properties: { with: schema }, ...required } };
}

/** The inverse of `readChaos` for one step: `at` is the time since the load began, whatever the phases are called. */
export function writeStep({ atUs, forUs, service, fault }: ChaosStep): StepInFile {
  return {
    at: writeShape(durationMs, atUs / 1000),
    ...(forUs === null ? {} : { for: forUs / 1000 }),
    do: fault.kind,
    with: writeParameters(fault),
    service,
  };
}

function writeParameters(fault: Fault): Record<string, unknown> {
  const spec = faultNamed(fault.kind);
  return spec === undefined ? {} : { ...writeShape(spec.parameters, fault) };
}
