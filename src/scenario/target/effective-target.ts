import { trim } from '../../base/units.ts';
import { ingressName } from './local-resource.ts';
import type { LocalService, LocalTarget, Program, Target } from '../scenario.ts';

/** `target` with everything written out. */
export function effectiveTarget(target: Target): object {
  if (target.kind === 'url') return { url: target.url, name: target.service };
  return { local: effectiveLocal(target) };
}

/** Each service in the form that was deployed first. */
function effectiveLocal({ services: [service, ...others], emulation }: LocalTarget): object {
  return {
    ...serviceOf(service),
    ...(others.length === 0 ? {} : { others: others.map(serviceOf) }),
    profile: emulation.profile,
    time_scale: emulation.timeScale,
    idle_cpu: emulation.idleCpu,
    slot_after_timeout: emulation.slotAfterTimeout,
  };
}

function serviceOf(service: LocalService): object {
  const ingress = ingressName(service.resource);
  const sidecars = Object.entries(service.programs).filter(([name]) => name !== ingress);
  const program = service.programs[ingress];
  return {
    name: service.name,
    ...(program === undefined ? {} : programOf(program)),
    ...(sidecars.length === 0
      ? {}
      : { containers: Object.fromEntries(sidecars.map(([name, one]) => [name, programOf(one)])) }),
    ...(Object.keys(service.secretFiles).length === 0 ? {} : { secrets: { ...service.secretFiles } }),
    startup_delay: durationOf(service.startupDelayMs),
    resource: service.resource,
  };
}

function programOf(program: Program): object {
  if (program.kind === 'process') return { command: [...program.command] };
  const { image, command } = program;
  return { image, ...(command.length === 0 ? {} : { command: [...command] }) };
}

/** A duration in the scenario language, to the microsecond. */
export function durationOf(ms: number): string {
  return `${trim(ms, 3)}ms`;
}
