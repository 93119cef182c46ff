// `attempts/`: 500 a second; under stress every third request is turned away.
import { makeAttemptBlocks } from '#dist/evidence/dataset/attempt-block.js';
import { perSec, seconds, startUs, stress, whose } from './made-of.mjs';

const blockRows = 1000;

/** Writes them and yields how many they are. */
export function writeAttempts(writer) {
  const blocks = makeAttemptBlocks(blockRows);
  const count = seconds * perSec;
  for (let arrival = 0; arrival < count; arrival += 1) {
    if (blocks.add(attemptOf(arrival))) writer.attempts(blocks.take());
  }
  const rest = blocks.take();
  if (rest !== null) writer.attempts(rest);
  return count;
}

function attemptOf(arrival) {
  const sinceUs = arrival * (1e6 / perSec);
  const phase = phaseAt(sinceUs);
  const isShed = phase === 'stress' && arrival % 3 === 0;
  const intendedUs = startUs + sinceUs;
  const { revision, instance } = whose(arrival % 5);
  return {
    arrival,
    attempt: 1,
    client: arrival % 100,
    route: arrival % 10 === 0 ? 'report' : 'read',
    phase,
    intendedUs,
    sentUs: intendedUs + 40 + (arrival % 17),
    endedUs: intendedUs + (isShed ? 9000 : 12_000 + 40 * (arrival % 701)),
    status: isShed ? 503 : 200,
    outcome: isShed ? 'shed' : 'ok',
    errorCode: isShed ? 'shed' : null,
    sqlstate: null,
    retryAfterMs: isShed ? 1000 : null,
    instance,
    revision,
    receivedUs: intendedUs + 900 + (arrival % 90),
    acquireUs: isShed ? null : 20 * (arrival % 400),
    bodyValid: isShed ? null : true,
    bytes: 120,
  };
}

function phaseAt(sinceUs) {
  if (sinceUs < stress.fromUs) return 'baseline';
  return sinceUs < stress.toUs ? 'stress' : 'recovery';
}
