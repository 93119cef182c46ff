import { Chalk, type ChalkInstance } from 'chalk';
import { createLogUpdate } from 'log-update';
import type { Look } from '../look.ts';
import { visibleLine } from '../../base/visible.ts';
import type { RunProgress } from '../../verbs/progress.ts';
import { stageOf, type Painter } from './painter.ts';
import { sentOf } from './sent-of.ts';

const barWidth = 32;

/** A few lines, redrawn four times a second: for a person at a terminal. */
export function liveScreen(stream: NodeJS.WriteStream, look: Look): Painter {
  const draw = createLogUpdate(stream);
  const chalk = new Chalk({ level: look.color ? 2 : 0 });
  return {
    everyMs: 250,
    paint: (progress) => draw(linesOf(progress, chalk).join('\n')),
    close: () => draw.clear(),
  };
}

function linesOf(progress: RunProgress, chalk: ChalkInstance): readonly string[] {
  const head = `${chalk.bold(visibleLine(progress.plan.scenario.name))}  ${stageOf(progress)}`;
  if (progress.load === null) return [`${head} ...`];
  return [
    `${head}  ${progressBar(progress)}  ${clockOf(progress.elapsedS)} / ${clockOf(progress.totalS)}`,
    sessionsLine(progress, chalk),
    stateLine(progress),
    loadLine(progress),
    outcomeLine(progress, chalk),
    instanceLine(progress),
  ];
}

function progressBar(progress: RunProgress): string {
  const share = Math.min(1, Math.max(0, progress.elapsedS / progress.totalS));
  const full = Math.round(share * barWidth);
  return '█'.repeat(full) + '░'.repeat(barWidth - full);
}

function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function sessionsLine({ status, plan }: RunProgress, chalk: ChalkInstance): string {
  const { claim, usable } = plan.budget;
  const scale = Math.max(usable, status.sessions);
  const filled = Math.round((status.sessions / scale) * barWidth);
  const bar = '█'.repeat(filled) + '·'.repeat(barWidth - filled);
  const over = status.sessions > claim ? chalk.red('  OVER THE CLAIM') : '';
  const refused = status.refused > 0 ? chalk.red(`  refused by Postgres ${status.refused}`) : '';
  return ` sessions   ${bar}  ${status.sessions} of claim ${claim}, usable ${usable}, peak ${status.peakSessions}${over}${refused}`;
}

function stateLine({ status }: RunProgress): string {
  const states = [...status.byState]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([state, count]) => `${state} ${count}`);
  return ` by state   ${states.join(' · ') || 'none'}`;
}

function loadLine({ load, phase }: RunProgress): string {
  if (load === null) return '';
  const rate = phase === null ? '' : `${phase.shape} · `;
  const retries = load.retries > 0 ? ` · ${load.retries} retries` : '';
  return ` arrivals   ${rate}${sentOf(load)} sent${retries} · ${load.dropped} dropped · ${load.inFlight} in flight`;
}

function outcomeLine({ load }: RunProgress, chalk: ChalkInstance): string {
  if (load === null) return '';
  const failed = load.failed > 0 ? chalk.red(`failed ${load.failed}`) : 'failed 0';
  return ` outcomes   ok ${load.ok} · refused ${load.refused} · ${failed}`;
}

function instanceLine({ status, plan }: RunProgress): string {
  const declared = plan.scenario.contract.services.find(
    ({ name }) => name === plan.scenario.target.service,
  )?.maxInstances;
  const starting = status.instancesStarting > 0 ? ` · ${status.instancesStarting} starting` : '';
  return ` instances  ${status.instancesReady} ready${starting} (declared at most ${declared ?? '?'})`;
}
