import { z } from 'zod';
import { checkShape, type Checked } from '../base/shape.ts';
import { trim } from '../base/units.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { compact } from '../contract/reading.ts';
import { ingressEnv, wrongWithVariable } from './instance-env.ts';
import type { Fault } from './scenario.ts';
import { durationMs } from './with-unit.ts';

type Kind = Fault['kind'];

/** One fault as the scenario language has it. */
export interface FaultForm {
  /** Whether it can be taken back, which `for:` asks for. */
  readonly undoable: boolean;
  /** What stands under `with:`, checked. */
  read(given: unknown, source: YamlFile, path: YamlPath): Checked<Fault>;
  /** The same the other way round. */
  write(fault: Fault): object;
}

const count = (least: number): z.ZodNumber => z.int().min(least, `must be at least ${least}`).max(1000);

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

/** Every fault by its name in the language. */
export const faultForms: Readonly<Record<Kind, FaultForm>> = {
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
  // What is dead is not brought back: the platform starts another instance.
  'instance.kill': form('instance.kill', {
    undoable: false,
    parameters: z.strictObject({ count: count(1) }),
    make: (given) => ({ count: given.count }),
    write: (fault) => ({ count: fault.count }),
  }),
  'instance.hang': form('instance.hang', {
    undoable: true,
    parameters: z.strictObject({ count: count(1) }),
    make: (given) => ({ count: given.count }),
    write: (fault) => ({ count: fault.count }),
  }),
  'platform.over_max': form('platform.over_max', {
    undoable: true,
    parameters: z.strictObject({
      factor: z.number().min(1, 'must be at least 1').max(10, 'must be at most 10'),
    }),
    make: (given) => ({ factor: given.factor }),
    write: (fault) => ({ factor: fault.factor }),
  }),
  'platform.slow_start': form('platform.slow_start', {
    undoable: true,
    parameters: z.strictObject({ delay: durationMs }),
    make: (given) => ({ delayMs: given.delay }),
    write: (fault) => ({ delay: `${trim(fault.delayMs, 3)}ms` }),
  }),
  'platform.fail_start': form('platform.fail_start', {
    undoable: true,
    parameters: z.strictObject({}),
    make: () => ({}),
    write: () => ({}),
  }),
  'platform.reject': form('platform.reject', {
    undoable: true,
    parameters: z.strictObject({}),
    make: () => ({}),
    write: () => ({}),
  }),
};

export const faultNames = Object.keys(faultForms) as readonly Kind[];

type FaultOf<K extends Kind> = Extract<Fault, { readonly kind: K }>;

/** How one kind is read and written; its name is added to what `make` yields. */
interface Form<K extends Kind, S extends z.ZodType> {
  readonly undoable: boolean;
  readonly parameters: S;
  make(given: z.output<S>): Omit<FaultOf<K>, 'kind'>;
  write(fault: FaultOf<K>): object;
}

function form<K extends Kind, S extends z.ZodType>(kind: K, given: Form<K, S>): FaultForm {
  return {
    undoable: given.undoable,
    read: (value, source, path) => {
      const checked = checkShape(given.parameters, source, value, path);
      return checked.ok ? { ok: true, value: { ...given.make(checked.value), kind } as FaultOf<K> } : checked;
    },
    write: (fault) => (fault.kind === kind ? given.write(fault as FaultOf<K>) : {}),
  };
}

function boundsOf(fault: { readonly minInstances?: number; readonly maxInstances?: number }): object {
  return { min_instances: fault.minInstances, max_instances: fault.maxInstances };
}
