import { z } from 'zod';
import { checkShape, type Checked } from '../../../base/shape.ts';
import type { YamlFile, YamlPath } from '../../../base/yaml.ts';
import type { Fault, FaultKind, FaultOf } from './fault.ts';

/** One fault as the scenario language has it. */
export interface FaultForm {
  /** Whether it can be taken back, which `for:` asks for. */
  readonly undoable: boolean;
  /** What stands under `with:`, checked. */
  read(given: unknown, source: YamlFile, path: YamlPath): Checked<Fault>;
  /** The same the other way round. */
  write(fault: Fault): object;
}

/** A number of things, each of which some machine has to carry. */
export const count = (least: number): z.ZodNumber =>
  z.int().min(least, `must be at least ${least}`).max(1000);

/** How one kind is read and written; its name is added to what `make` yields. */
interface Form<K extends FaultKind, S extends z.ZodType> {
  readonly undoable: boolean;
  readonly parameters: S;
  make(given: z.output<S>): Omit<FaultOf<K>, 'kind'>;
  write(fault: FaultOf<K>): object;
}

export function form<K extends FaultKind, S extends z.ZodType>(kind: K, given: Form<K, S>): FaultForm {
  return {
    undoable: given.undoable,
    read: (value, source, path) => {
      const checked = checkShape(given.parameters, source, value, path);
      return checked.ok ? { ok: true, value: { ...given.make(checked.value), kind } as FaultOf<K> } : checked;
    },
    write: (fault) => (fault.kind === kind ? given.write(fault as FaultOf<K>) : {}),
  };
}
