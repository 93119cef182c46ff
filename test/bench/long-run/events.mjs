// `events.ndjson` but for the samples: five instances, their sessions by link and by log, a canary a second.
import { endUs, perSec, seconds, sessions, startUs, whose } from './made-of.mjs';

export function fixedEvents() {
  const links = Array.from({ length: sessions }, (_, index) => linkOf(index));
  const canaries = Array.from({ length: seconds }, (_, second) => canaryAt(startUs + second * 1e6 + 5e5));
  return [
    { kind: 'ping', t_us: 2e6, n: 100, p50_us: 300, p99_us: 900 },
    ...[0, 1, 2, 3, 4].flatMap(startOf),
    ...links,
    ...links.map(loginOf),
    ...canaries.flat(),
    generator(),
  ];
}

function startOf(index) {
  return [
    { kind: 'instance', t_us: 1e6, ...whose(index), state: 'starting', reason: 'minimum' },
    { kind: 'instance', t_us: 2e6, ...whose(index), state: 'ready', reason: 'minimum', startup_us: 1e6 },
  ];
}

function linkOf(index) {
  const of = whose(index % 5);
  return { kind: 'link', t_us: startUs + index, ...of, what: 'session', port: 20_000 + index, role: 'api' };
}

/** What the server log has of a session through a link. */
function loginOf({ t_us, port, role }) {
  return authorized(t_us, { pid: port, port, role, database: 'app', application_name: 'api' });
}

function canaryAt(tUs) {
  const own = {
    port: null,
    role: 'poolproof_headroom',
    database: 'poolproof',
    application_name: 'poolproof',
  };
  const took = { connect_us: 4000, query_us: 300 };
  return [
    { kind: 'canary', t_us: tUs, role: 'headroom', ok: true, ...took, sqlstate: null, error: null },
    authorized(tUs, { pid: Math.round(tUs / 1e6), ...own }),
  ];
}

/** A line of the server log. */
function authorized(tUs, session) {
  const what = { what: 'authorized', severity: 'LOG', sqlstate: null };
  return { kind: 'log', t_us: tUs, ...what, ...session, message: 'connection authorized' };
}

function generator() {
  const lane = { lane: 0, sent: seconds * perSec, dropped: 0, unfinished: 0, cpu_us: 1 };
  const lags = { lag_p50_us: 40, lag_p99_us: 60, lag_max_us: 90 };
  const loop = { loop_delay_p99_us: 900, loop_delay_max_us: 4000 };
  return { kind: 'generator', t_us: endUs, ...lane, ...lags, ...loop };
}
