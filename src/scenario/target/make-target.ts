import type { Emulation, LocalService, Target } from '../scenario.ts';
import type { LocalInFile } from './local-file.ts';
import type { TargetInFile } from './target-file.ts';

/** The target with every default. `services` are those that run here; `driven` is the name of the one at an address. */
export function makeTarget(
  { local, url }: TargetInFile,
  [first, ...others]: readonly LocalService[],
  driven: string,
): Target {
  if (first === undefined)
    return { kind: 'url', service: driven, services: [{ name: driven }], url: originOf(url ?? '') };
  return {
    kind: 'local',
    service: first.name,
    services: [first, ...others],
    emulation: makeEmulation(local ?? {}),
  };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function makeEmulation(given: LocalInFile): Emulation {
  return {
    profile: given.profile ?? 'cloudrun',
    timeScale: given.time_scale ?? 1,
    idleCpu: given.idle_cpu ?? 'full',
    slotAfterTimeout: given.slot_after_timeout ?? 'held',
  };
}
