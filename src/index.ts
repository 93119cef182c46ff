export {
  InputError,
  EnvironmentError,
  EvidenceError,
  InterruptedError,
  type Problem,
} from './base/errors.ts';
