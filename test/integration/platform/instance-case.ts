import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { expect } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import type { ProcessGuard } from '../../../src/base/process-guard.ts';
import { revisionSpecOf } from '../../../src/contract/cloud-run/revision-spec.ts';
import type { ResourceContainer } from '../../../src/contract/cloud-run/resource-container.ts';
import type { RevisionTemplate } from '../../../src/contract/cloud-run/service-resource.ts';
import type { InstanceEvent, LinkEvent, StallEvent, WorkEvent } from '../../../src/evidence/event.ts';
import type { RunningLink } from '../../../src/link/link.ts';
import type { ServiceOrders } from '../../../src/platform/local/emulator-orders.ts';
import { Instance, type InstanceEnd } from '../../../src/platform/local/instance/instance.ts';
import type { InstanceOrders } from '../../../src/platform/local/instance/instance-orders.ts';
import { ServiceLinks } from '../../../src/platform/local/service-links.ts';
import type { OutputLine } from '../../../src/platform/platform.ts';
import { startupProblem } from '../../../src/platform/local/instance/startup-problem.ts';
import { descendantsOf, waitUntilGone } from '../../support/processes.ts';

export const fixtures = new URL('../../fixtures/platform/', import.meta.url).pathname;

/** The app of most tests, one more sidecar. */
export const app: ResourceContainer = {
  name: 'app',
  command: ['node', 'contained.mjs'],
  ports: [{ containerPort: 8080 }],
};

/** What is chosen for one instance of a test. */
export interface Shape {
  readonly containers?: readonly ResourceContainer[];
  readonly template?: Omit<RevisionTemplate, 'containers'>;
  readonly service?: Partial<ServiceOrders>;
  readonly orders?: Partial<InstanceOrders>;
  readonly idleCpu?: 'full' | 'stop';
}

/** An instance that a test has started, and everything that it said. */
export interface StartedInstance {
  readonly instance: Instance;
  readonly events: (InstanceEvent | LinkEvent | StallEvent | WorkEvent)[];
  readonly lines: OutputLine[];
  readonly available: boolean[];
  /** Whether it has come to its end, with something of it still there or not. */
  readonly isLeaving: () => boolean;
  readonly ready: Promise<'ready' | InstanceEnd>;
  readonly ended: Promise<InstanceEnd>;
  /** The states it went through, each with its reason. */
  readonly states: () => readonly string[];
  readonly call: (path: string) => Promise<unknown>;
  readonly problemOf: (end: InstanceEnd) => string;
}

const leftLinks: RunningLink[] = [];
const started: StartedInstance[] = [];
const clock = makeRunClock();

/** Instances make their folders here, where nobody else makes any. */
let folder: string | null = null;

/** Starts one instance, as a fleet does. */
export function startInstance(shape: Shape, guard: ProcessGuard): StartedInstance {
  folder ??= mkdtempSync('/tmp/ppt-');
  process.env['TMPDIR'] = folder;
  const events: (InstanceEvent | LinkEvent | StallEvent | WorkEvent)[] = [];
  const lines: OutputLine[] = [];
  const available: boolean[] = [];
  let leaving = false;
  const template = { ...shape.template, containers: [...(shape.containers ?? [app])] };
  const service: ServiceOrders = {
    name: 'api',
    resource: { template },
    programs: {},
    cwd: fixtures,
    secretFiles: {},
    startupDelayMs: 0,
    database: null,
    port: 0,
    ...shape.service,
  };
  const setting = {
    clock,
    guard,
    project: 'shop',
    location: 'europe-west1',
    idleCpu: shape.idleCpu ?? 'full',
    onEvent: (event: InstanceEvent | LinkEvent | StallEvent | WorkEvent) => void events.push(event),
    onOutput: (line: OutputLine) => void lines.push(line),
    onLinkOrphaned: (link: RunningLink) => void leftLinks.push(link),
  };
  const orders = {
    id: `i${started.length + 1}`,
    revision: 'api-00001-abc',
    service,
    links: new ServiceLinks(1),
    spec: revisionSpecOf(template),
    reason: 'AUTOSCALING',
    extraDelayMs: 0,
    failStart: false,
    ...shape.orders,
  };
  let tellReady: (how: 'ready' | InstanceEnd) => void = () => undefined;
  let tellEnded: (end: InstanceEnd) => void = () => undefined;
  const ready = new Promise<'ready' | InstanceEnd>((resolve) => (tellReady = resolve));
  const ended = new Promise<InstanceEnd>((resolve) => (tellEnded = resolve));
  const instance = new Instance(setting, orders, {
    ready: () => tellReady('ready'),
    available: (yes) => void available.push(yes),
    leaving: () => (leaving = true),
    ended: (end) => {
      tellReady(end);
      tellEnded(end);
    },
  });
  const one: StartedInstance = {
    instance,
    events,
    lines,
    available,
    isLeaving: () => leaving,
    ready,
    ended,
    states: () =>
      events.flatMap((event) => (event.kind === 'instance' ? [`${event.state} ${event.reason}`] : [])),
    call: async (path) => {
      const { statusCode, body } = await instance.pool.request({ path, method: 'GET' });
      const text = await body.text();
      return statusCode === 200 ? (JSON.parse(text) as unknown) : statusCode;
    },
    problemOf: (end) => {
      const { message, hint } = startupProblem(service, end);
      return `${message}\n${hint ?? ''}`;
    },
  };
  started.push(one);
  return one;
}

/** Ends everything that was started, and asserts that nothing of it is left. */
export async function leaveNothing(): Promise<void> {
  for (const { instance, ended } of started.splice(0)) {
    instance.resume();
    instance.stop(200, 'SHUTDOWN');
    await ended;
  }
  await Promise.all(leftLinks.splice(0).map((link) => link.close()));
  const children = descendantsOf(process.pid).filter(({ command }) => command.includes('.mjs'));
  expect(await waitUntilGone(children)).toEqual([]);
  if (folder === null) return;
  expect(readdirSync(folder)).toEqual([]);
  rmdirSync(folder);
  folder = null;
}

/** R, S, T (stopped), Z and so on; empty when there is no such process. */
export function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0] ?? '';
  } catch {
    return '';
  }
}

export function isAlive(pid: number): boolean {
  return !['', 'Z'].includes(stateOf(pid));
}
