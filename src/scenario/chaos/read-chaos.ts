import type { Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { checkShape, type Checked } from '../../base/shape.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { faultsNotBuilt } from '../not-built.ts';
import type { StepInFile } from './chaos-codec.ts';
import type { ChaosStep } from './chaos-step.ts';
import type { FaultSpec } from './fault-spec.ts';
import { faultNamed, faultNames, type Fault } from './faults.ts';
import { readMoment, type TimedPhase } from './moment.ts';

/** What the steps refer to. */
export interface ChaosSetting {
  readonly phases: readonly TimedPhase[];
  /** The services that run; the first takes the load. Null where they are not known, and not checked. */
  readonly services: readonly [string, ...string[]] | null;
}

/** Reads `chaos:` against the phases, the services and the faults that there are. */
export function readChaos(
  steps: readonly StepInFile[],
  setting: ChaosSetting,
  source: YamlFile,
): Checked<readonly ChaosStep[]> {
  const read = steps.map((step, index) => readStep(step, index, setting, source));
  const problems = [...read.flatMap((one) => one.problems), ...overlapProblems(read, source)];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: read.flatMap(({ step }) => (step === undefined ? [] : [step])) };
}

/** What two faults of one kind put back at their ends would not be what was there before both. */
function overlapProblems(read: readonly ReadStep[], source: YamlFile): readonly Problem[] {
  return read.flatMap(({ step }, index) => {
    const other = read.findIndex(
      (one, at) => at < index && step !== undefined && one.step !== undefined && overlap(one.step, step),
    );
    if (other < 0) return [];
    const message = `chaos.${index}: begins before chaos.${other}, the same fault of the same service, is undone`;
    return [{ message, place: source.placeOf(['chaos', index]), hint: 'let one end first' }];
  });
}

function overlap(one: ChaosStep, other: ChaosStep): boolean {
  if (touchedBy(one) !== touchedBy(other)) return false;
  const [first, second] = one.atUs <= other.atUs ? [one, other] : [other, one];
  return first.forUs !== null && second.atUs < first.atUs + first.forUs;
}

/** What must be put back before it is changed again. */
function touchedBy({ fault: { kind }, service }: ChaosStep): string {
  const restores = faultNamed(kind)?.restores;
  // There is one server, whichever service the step names.
  if (restores === 'server') return kind;
  return `${restores ?? kind} of ${service}`;
}

interface ReadStep {
  readonly step?: ChaosStep;
  readonly problems: readonly Problem[];
}

function readStep(given: StepInFile, index: number, setting: ChaosSetting, source: YamlFile): ReadStep {
  const path: YamlPath = ['chaos', index];
  const spec = faultNamed(given.do);
  const fault = readFault(given, spec, source, path);
  const moment = readMoment(given.at, setting.phases);
  const problems = [
    ...(moment.ok ? [] : [momentProblem(moment, source, path)]),
    ...(fault.ok ? [] : fault.problems),
    ...undoProblems(given, spec, fault, source, path),
    ...serviceProblems(given, setting, source, path),
  ];
  if (problems.length > 0 || !moment.ok || !fault.ok) return { problems };
  const step = {
    id: `${index + 1}-${fault.value.kind}`,
    atUs: moment.atUs,
    forUs: given.for === undefined ? null : Math.round(given.for * 1000),
    service: given.service ?? setting.services?.[0] ?? '',
    fault: fault.value,
  };
  return { step, problems };
}

function readFault(
  given: StepInFile,
  spec: FaultSpec<Fault> | undefined,
  source: YamlFile,
  path: YamlPath,
): Checked<Fault> {
  if (spec !== undefined) return checkShape(spec.parameters, source, given.with ?? {}, [...path, 'with']);
  const place = source.placeOf([...path, 'do']);
  if (faultsNotBuilt.includes(given.do)) {
    const message = `${path.join('.')}.do: ${given.do} is not built yet in this version`;
    return { ok: false, problems: [{ message, place, hint: `known: ${faultNames.join(', ')}` }] };
  }
  const near = nearest(given.do, faultNames);
  const hint = near === undefined ? `known: ${faultNames.join(', ')}` : `did you mean "${near}"?`;
  return { ok: false, problems: [{ message: `unknown fault "${given.do}"`, place, hint }] };
}

function momentProblem(
  { why, hint }: { readonly why: string; readonly hint?: string },
  source: YamlFile,
  path: YamlPath,
): Problem {
  const message = `${path.join('.')}.at: ${why}`;
  return { message, place: source.placeOf([...path, 'at']), ...(hint === undefined ? {} : { hint }) };
}

function undoProblems(
  given: StepInFile,
  spec: FaultSpec<Fault> | undefined,
  fault: Checked<Fault>,
  source: YamlFile,
  path: YamlPath,
): readonly Problem[] {
  if (given.for === undefined || spec === undefined) return [];
  const place = source.placeOfKey([...path, 'for']);
  if (!spec.undoable)
    return [
      { message: `${path.join('.')}.for: ${given.do} can't be undone`, place, hint: 'leave "for" out' },
    ];
  if (!fault.ok || fault.value.kind !== 'exec' || fault.value.undo !== null) return [];
  const message = `${path.join('.')}.for: nothing says how the command is undone`;
  return [{ message, place, hint: 'add "undo", a command, or leave "for" out' }];
}

function serviceProblems(
  { service }: StepInFile,
  { services }: ChaosSetting,
  source: YamlFile,
  path: YamlPath,
): readonly Problem[] {
  if (service === undefined || services === null || services.includes(service)) return [];
  const near = nearest(service, services);
  const hint = near === undefined ? `running: ${services.join(', ')}` : `did you mean "${near}"?`;
  const place = source.placeOf([...path, 'service']);
  return [{ message: `${path.join('.')}.service: no service "${service}" runs here`, place, hint }];
}
