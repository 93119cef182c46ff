import { z } from 'zod';
import { InputError, type Problem } from '../base/errors.ts';
import { loadYaml } from '../base/load-yaml.ts';
import { checkShape } from '../base/shape.ts';
import { sortProblems } from '../base/sort-problems.ts';
import { loadContract } from '../contract/load-contract.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import { readAssertions } from '../scenario/conditions/read-rules.ts';
import { assertionsShape } from '../scenario/conditions/rules-codec.ts';
import { positiveMs } from '../scenario/language/with-unit.ts';
import type { OtherRules } from '../verdict/other-rules.ts';

/** Files whose rules take the place of the run's own. */
export interface RuleFiles {
  /** Another contract. */
  readonly contract?: string;
  /** Other assertions and limits. */
  readonly with?: string;
}

/** What `with` names. */
const rulesFile = z.strictObject({
  assertions: assertionsShape.optional(),
  limits: z
    .strictObject({
      acquire_timeout: positiveMs.optional(),
      statement_timeout: positiveMs.optional(),
      request_timeout: positiveMs.optional(),
      deadline: positiveMs.optional(),
    })
    .optional(),
});

/** The rules that a stored run is to be judged by instead of its own; null where it is judged by its own. */
export async function loadRules(files: RuleFiles, run: RunRecord): Promise<OtherRules | null> {
  if (files.contract === undefined && files.with === undefined) return null;
  return {
    contract: files.contract === undefined ? null : await otherContract(files.contract, run),
    rules: files.with === undefined ? null : await otherRules(files.with, run),
  };
}

async function otherContract(file: string, run: RunRecord): Promise<OtherRules['contract']> {
  const value = await loadContract(file);
  const known = value.services.map(({ name }) => name);
  const missing = run.contract.services.map(({ name }) => name).filter((name) => !known.includes(name));
  if (missing.length === 0) return { file, value };
  const message = `${file} promises nothing for ${missing.join(', ')}, of which the recording is`;
  throw new InputError([{ message, hint: `it has ${known.join(', ')}` }]);
}

async function otherRules(file: string, run: RunRecord): Promise<OtherRules['rules']> {
  const source = await loadYaml(file);
  if (source.problems.length > 0) throw new InputError(source.problems);
  const checked = checkShape(rulesFile, source, source.value);
  if (!checked.ok) throw refused(checked.problems, file);
  const names = {
    phases: run.phases.map(({ name }) => name),
    routes: run.routes.map(({ name }) => name),
    services: run.contract.services.map(({ name }) => name),
  };
  const { assertions: given, limits } = checked.value;
  const read = readAssertions(given ?? [], names, source);
  if (read.problems.length > 0) throw refused(read.problems, file);
  return {
    file,
    assertions: given === undefined ? null : read.rules,
    limits: withoutGaps({
      acquireTimeoutMs: limits?.acquire_timeout,
      statementTimeoutMs: limits?.statement_timeout,
      requestTimeoutMs: limits?.request_timeout,
      deadlineMs: limits?.deadline,
    }),
  };
}

function withoutGaps(given: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function refused(problems: readonly Problem[], file: string): InputError {
  return new InputError(sortProblems(problems, file));
}
