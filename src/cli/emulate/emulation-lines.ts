import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { EmulationView } from './emulation-board.ts';
import type { RevisionStatus, ServiceStatus } from '../../platform/platform.ts';

/** Retired revisions without any instance are of no interest any more. */
const shownRevisions = 8;

/** Every service with its revisions, as lines for a terminal. */
export function emulationLines(view: EmulationView, color: boolean): readonly string[] {
  const chalk = new Chalk({ level: color ? 2 : 0 });
  return (view.status?.services ?? []).flatMap((service) => [
    `${chalk.bold(service.name)}  ${service.url}`,
    ...tableOf(service, view).split('\n'),
    ...answerLine(view.answersOf(service.name), chalk),
  ]);
}

function tableOf(service: ServiceStatus, view: EmulationView): string {
  const table = new Table({
    head: [
      'revision',
      'traffic',
      'ready',
      'starting',
      'stopping',
      'max',
      'in flight',
      'queued',
      'sessions',
      'peak',
      'refused',
    ],
    style: { head: [], border: [], compact: true },
  });
  const shown = service.revisions
    .filter((revision) => isOfInterest(revision, service))
    .slice(0, shownRevisions);
  for (const revision of shown) {
    const { name, instances, maxInstances, inFlight, queued } = revision;
    const { open, peak, refused } = view.sessionsOf(name);
    const { starting, ready, stopping } = instances;
    table.push([
      name,
      trafficOf(revision, service),
      ready,
      starting,
      stopping,
      maxInstances,
      inFlight,
      queued,
      open,
      peak,
      refused,
    ]);
  }
  return table.toString();
}

function isOfInterest({ name, instances, queued }: RevisionStatus, { traffic }: ServiceStatus): boolean {
  const alive = instances.starting + instances.ready + instances.stopping;
  return alive + queued > 0 || traffic.some(({ revision }) => revision === name);
}

function trafficOf({ name, state }: RevisionStatus, { traffic }: ServiceStatus): string {
  const own = traffic.filter(({ revision }) => revision === name);
  const percent = own.reduce((sum, line) => sum + line.percent, 0);
  const tags = own.flatMap(({ tag }) => (tag === null ? [] : [tag]));
  return own.length === 0 ? state : [`${percent} %`, ...tags].join(' ');
}

function answerLine(answers: ReadonlyMap<string, number>, chalk: ChalkInstance): readonly string[] {
  if (answers.size === 0) return [];
  const words = [...answers].map(([reason, count]) => `${reason} ${count}`).join(' · ');
  return [chalk.yellow(`answered by the platform: ${words}`)];
}
