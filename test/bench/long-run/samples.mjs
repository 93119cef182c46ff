// `backends/` and the heads of the samples: 20 a second, from a second before load.
import { sampleMs, seconds, sessions, startUs } from './made-of.mjs';

const states = [
  ['active', 'IO', 'DataFileRead', 6],
  ['active', null, null, 6],
  ['idle', 'Client', 'ClientRead', 8],
];

export function writeSamples(writer) {
  for (let us = -1e6; us < seconds * 1e6; us += 1000 * sampleMs) {
    const tUs = startUs + us;
    writer.event(headAt(tUs));
    writer.backends(states.map((state) => backendOf(tUs, state)));
  }
}

function headAt(tUs) {
  return {
    kind: 'sample',
    t_us: tUs,
    ok: true,
    rtt_us: 700,
    server_us: tUs,
    took_us: 300,
    sessions,
    sessions_after: sessions,
    fresh: 0,
    young: 0,
    backends: sessions,
    starting: 0,
  };
}

function backendOf(tUs, [state, waitType, wait, count]) {
  const ageMs = state === 'active' ? 12 : null;
  return {
    tUs,
    source: 'sampler',
    service: 'api',
    revision: null,
    instance: null,
    role: 'api',
    applicationName: 'api',
    state,
    waitType,
    wait,
    count,
    maxXactMs: ageMs,
    maxQueryMs: ageMs,
    maxStateMs: 12,
  };
}
