import { z } from 'zod';
import { compact } from '../../../contract/cloud-run/reading.ts';
import { ingressEnv, wrongWithVariable } from '../../target/instance-env.ts';
import { count, form, type FaultForm } from './fault-form.ts';
import type { ServiceFault } from './service-fault.ts';

const bounds = { min_instances: count(0).optional(), max_instances: count(1).optional() };

interface Bounds {
  readonly min_instances?: number | undefined;
  readonly max_instances?: number | undefined;
}

/** True unless the least is more than the most. */
function isOrdered({ min_instances: min = 0, max_instances: max = Infinity }: Bounds): boolean {
  return min <= max;
}

const disorder = 'min_instances is more than max_instances';

const env = z
  .record(z.string(), z.string('expected text: put it in quotes'))
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given)) {
      const message = wrongWithVariable(name, value, ingressEnv);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [name] });
    }
  });

const percent = z
  .record(z.string(), z.int().min(0, 'must be at least 0').max(100, 'must be at most 100'))
  .refine((given) => sum(Object.values(given)) === 100, 'the percentages must sum to 100')
  .superRefine((given, context) => {
    for (const name of Object.keys(given).filter((key) => !isRevision(key)))
      context.addIssue({
        code: 'custom',
        message: 'expected latest, previous or the name of a revision',
        path: [name],
      });
  });

/** A revision's name begins with its service's and a dash. */
function isRevision(name: string): boolean {
  return name === 'latest' || name === 'previous' || /^[a-z0-9]+-[a-z0-9-]*[a-z0-9]$/.test(name);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export const serviceForms: Readonly<Record<ServiceFault['kind'], FaultForm>> = {
  'revision.deploy': form('revision.deploy', {
    undoable: true,
    parameters: z
      .strictObject({ env: env.optional(), ...bounds, concurrency: count(1).optional() })
      .refine(isOrdered, disorder),
    make: (given) =>
      compact({
        env: given.env ?? {},
        minInstances: given.min_instances,
        maxInstances: given.max_instances,
        concurrency: given.concurrency,
      }),
    write: (fault) => ({ env: fault.env, ...boundsOf(fault), concurrency: fault.concurrency }),
  }),
  'revision.traffic': form('revision.traffic', {
    undoable: true,
    parameters: z.strictObject({ percent }),
    make: (given) => ({ percent: given.percent }),
    write: (fault) => ({ percent: fault.percent }),
  }),
  'service.scale': form('service.scale', {
    undoable: true,
    parameters: z
      .strictObject(bounds)
      .refine(isOrdered, disorder)
      .refine((given) => Object.keys(given).length > 0, 'needs min_instances, max_instances or both'),
    make: (given) => compact({ minInstances: given.min_instances, maxInstances: given.max_instances }),
    write: boundsOf,
  }),
};

function boundsOf(fault: { readonly minInstances?: number; readonly maxInstances?: number }): object {
  return { min_instances: fault.minInstances, max_instances: fault.maxInstances };
}
