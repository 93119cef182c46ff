import type { Evidence } from '../../evidence/evidence.ts';
import { platformTells } from '../../evidence/record/platform-record.ts';
import type { Summary } from './summary.ts';

/*
 * Where a number comes from. `observed`: it really happened, on this machine (sessions and refusals in a real
 * Postgres, logins of canaries, what the generator did). `emulated`: the platform's emulator had a hand in it (how
 * many instances there were and when they started, its own answers, how long requests waited and so how long they
 * took).
 */
type Provenance = Summary['provenance']['platform'];

/** Predictions whose measurement is of Postgres alone. */
const predictionsObserved = ['busy_sessions', 'peak_backends'];

/** Of what a prediction is held against. */
export function predictionProvenance(id: string): Provenance {
  return predictionsObserved.includes(id) ? 'observed' : 'emulated';
}

const calibration = {
  cloudrun: "Cloud Run's documented rules; nothing calibrated against a real service",
  knative: "Knative's autoscaler, by its source; nothing calibrated against a real cluster",
} as const;

/** Of the whole run, section by section. */
export function provenanceIn({ run: { platform } }: Evidence): Summary['provenance'] {
  const emulated = platformTells(platform).emulated ? 'emulated' : 'observed';
  const profile = platform.kind === 'local' ? platform.profile : null;
  return {
    platform: emulated,
    profile,
    calibration: profile === null ? 'nothing is emulated' : calibration[profile],
    sections: {
      backends: 'observed',
      refusals: 'observed',
      canaries: 'observed',
      server_log: 'observed',
      schedule: 'observed',
      exercise: 'observed',
      instances: emulated,
      outcomes: emulated,
      latency: emulated,
      amplification: emulated,
      goodput: emulated,
      changes: emulated,
    },
  };
}
