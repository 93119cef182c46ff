import { makeRunClock } from '../../base/clock.ts';
import { KnownError, messageOf } from '../../base/errors.ts';
import { startProcessGuard } from '../../base/process-guard.ts';
import { hide } from '../../base/secrets/secrets.ts';
import { watchStalls } from '../../base/stall-watch.ts';
import { startEmulator, type EmulatorStart, type RunningEmulator } from './emulator.ts';
import type { EmulatorOrders } from './emulator-orders.ts';
import type { RunEvent } from '../../evidence/event.ts';
import { Batch } from './batch.ts';
import type { OutputLine } from '../platform.ts';
import { toEmulator, type FromEmulator } from './messages.ts';

/** The grace of instances once the conducting process is gone: nobody waits for their answers. */
const abandonedGraceMs = 1000;

/** Nothing should be left after the grace; this process's guard stops whatever is. */
const exitMarginMs = 2000;

const guard = startProcessGuard();
const events = new Batch<RunEvent>((items) => tell({ kind: 'events', events: items }));
const output = new Batch<OutputLine>((lines) => tell({ kind: 'output', lines }));
let stop: RunningEmulator['stop'] = () => Promise.resolve();
let stopping = false;

process.on('message', (message) => obey(message));
process.on('disconnect', () => void leave(abandonedGraceMs));
process.on('SIGTERM', () => abandon('SIGTERM'));
void guard.lost.then(abandon);
process.on('SIGINT', () => undefined);

function obey(message: unknown): void {
  const order = toEmulator.parse(message);
  if (order.kind === 'stop') void leave(order.graceMs);
  else void start(order.orders);
}

async function start(orders: EmulatorOrders): Promise<void> {
  hide(orders.hidden ?? []);
  const setting = { orders, guard, onEvent: events.add, onOutput: output.add };
  watchStalls(makeRunClock(BigInt(orders.originNs)), ({ fromUs, toUs }) =>
    events.add({ t_us: toUs, kind: 'stall', of: 'emulator', from_us: fromUs }),
  );
  const outcome = await startEmulator(setting, (how) => (stop = how)).catch((error: unknown) =>
    failedBy(error),
  );
  events.flush();
  output.flush();
  if (outcome.kind === 'started') {
    const { urls, adminUrl, grpc, pingPath, warmPath } = outcome.emulator;
    tell({ kind: 'started', urls, adminUrl, grpc, pingPath, warmPath });
    return;
  }
  const { message, hint } = outcome.problem;
  tell({ kind: 'failed', message, ...(hint === undefined ? {} : { hint }) });
}

/** Problems that come before any service: a port that is taken, Docker missing. */
function failedBy(error: unknown): Extract<EmulatorStart, { readonly kind: 'failed' }> {
  const problem = error instanceof KnownError ? error.problems[0] : undefined;
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number };
  const message = code === 'EADDRINUSE' ? `port ${port} is in use by another program` : messageOf(error);
  return { kind: 'failed', problem: problem ?? { message } };
}

/** Ends without having been told to by the conducting process, and lets it know before anything stops. */
function abandon(why: string): void {
  if (!stopping) tell({ kind: 'leaving', why });
  void leave(abandonedGraceMs);
}

/** Stops everything, says so, and ends this process. */
async function leave(graceMs: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), graceMs + exitMarginMs).unref();
  await stop(graceMs).catch((error: unknown) => process.stderr.write(`${messageOf(error)}\n`));
  events.close();
  output.close();
  guard.dismiss();
  tell({ kind: 'stopped' }, () => process.exit(0));
}

/** Tells the conducting process; without one, only `after` is done. */
function tell(message: FromEmulator, after: () => void = () => undefined): void {
  if (!process.connected || process.send === undefined) after();
  else process.send(message, undefined, undefined, after);
}
