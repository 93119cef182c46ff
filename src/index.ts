export { loadContract } from './contract/load-contract.ts';
export { loadScenario } from './scenario/load-scenario.ts';
export { makePlan } from './plan/make-plan.ts';
export { run } from './run/run.ts';
export { readEvidence } from './evidence/read-evidence.ts';
export { judge } from './verdict/judge.ts';
export { renderReport } from './report/render-report.ts';
export { EnvironmentError, EvidenceError, InputError, InterruptedError, KnownError } from './base/errors.ts';

export type { Problem } from './base/errors.ts';
export type { Contract, ServerLimits, ServiceContract } from './contract/contract.ts';
export type { Scenario } from './scenario/scenario.ts';
export type { RunPlan } from './plan/run-plan.ts';
export type { Evidence } from './evidence/evidence.ts';
export type { Summary } from './verdict/summary/summary.ts';
