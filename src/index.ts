/* The verbs: everything that the command line does, as functions. None writes to the terminal or ends the process. */
export { validate } from './verbs/validate.ts';
export { plan, refusals, type PlanOptions } from './verbs/plan.ts';
export { run, NothingSentError, type RunOptions, type RunResult } from './verbs/run.ts';
export type { RunProgress } from './verbs/progress.ts';
export { judge, type JudgeOptions } from './verbs/judge.ts';
export { report, type ReportOptions } from './verbs/report.ts';
export { undo, type UndoOptions, type UndoResult } from './verbs/undo.ts';
export {
  emulate,
  type EmulatedDatabase,
  type EmulateOptions,
  type RunningEmulation,
} from './verbs/emulate.ts';
export type { EmulatedService } from './verbs/emulate/load-services.ts';
export { doctor, type Diagnosis } from './verbs/doctor.ts';
export type { Finding } from './verbs/doctor/finding.ts';
export { schema } from './verbs/schema.ts';

/* The steps that they are made of. */
export { loadContract } from './contract/load-contract.ts';
export { loadScenario } from './scenario/load-scenario.ts';
export { makePlan } from './plan/make-plan.ts';
export { readEvidence } from './evidence/read-evidence.ts';
export { judge as judgeEvidence } from './verdict/judge.ts';
export { renderReport, type ReportFile } from './report/render-report.ts';
export { renderTerminal } from './report/terminal/render-terminal.ts';

/* What is thrown on purpose: each has its problems, with their places and hints. */
export { EnvironmentError, EvidenceError, InputError, InterruptedError, KnownError } from './base/errors.ts';

export type { Place, Problem } from './base/errors.ts';
export type { Contract, ServerLimits, ServiceContract } from './contract/contract.ts';
export type { StaticCheck } from './contract/check-contract.ts';
export type { Scenario } from './scenario/scenario.ts';
export type { RunPlan } from './plan/run-plan.ts';
export type { Evidence } from './evidence/evidence.ts';
export type { RunEvent } from './evidence/event.ts';
export type { Summary } from './verdict/summary/summary.ts';
