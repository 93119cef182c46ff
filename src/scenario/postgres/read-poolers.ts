import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { isDenied } from '../safety/check-hosts.ts';
import { secretsOf } from './postgres-setting.ts';
import { makePooler, type PoolerInFile } from './pooler-codec.ts';
import type { PoolerTarget } from './pooler-target.ts';
import { programsOf } from '../target/programs.ts';
import type { ScenarioFile } from '../scenario-file.ts';
import type { Target } from '../target/target.ts';

/** What poolers refer to, and where they may be. */
interface PoolerSetting {
  readonly target: Target;
  readonly allowHosts: readonly string[];
  readonly denyHosts: readonly string[];
  readonly source: YamlFile;
}

/** The poolers of a scenario, and their passwords. */
export interface ReadPoolers {
  readonly poolers: readonly PoolerTarget[];
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads `poolers:` against the services of the target and the hosts that may be touched. */
export function readPoolers(
  { poolers: given = [], safety }: Pick<ScenarioFile, 'poolers' | 'safety'>,
  target: Target,
  source: YamlFile,
): ReadPoolers {
  const allowHosts = safety?.allow_hosts ?? [];
  const setting = { target, allowHosts, denyHosts: safety?.deny_hosts ?? [], source };
  const names = given.map(({ name }) => name);
  return {
    poolers: given.map((one) => makePooler(one, target.service)),
    secrets: given.flatMap(({ admin }) => secretsOf(admin.password)),
    problems: given.flatMap((one, index) => [
      ...(names.indexOf(one.name) === index
        ? []
        : [problemAt(setting, index, ['name'], `there are two poolers named ${one.name}`)]),
      ...serviceProblems(one, index, setting),
      ...placeProblems(one, index, setting),
    ]),
  };
}

function serviceProblems(
  { service }: PoolerInFile,
  index: number,
  setting: PoolerSetting,
): readonly Problem[] {
  const names = setting.target.services.map(({ name }) => name);
  if (service === undefined || names.includes(service)) return [];
  const message = `poolers.${index}.service: no service "${service}" runs here`;
  return [{ ...problemAt(setting, index, ['service'], message), hint: `these do: ${names.join(', ')}` }];
}

function placeProblems(one: PoolerInFile, index: number, setting: PoolerSetting): readonly Problem[] {
  const { container, host, port } = one.admin;
  const isBoth = container !== undefined && (host !== undefined || port !== undefined);
  if (isBoth || (container === undefined && port === undefined)) {
    const message = `poolers.${index}.admin: ${isBoth ? 'both a container and an address' : 'neither a container nor a port'}`;
    const hint = 'name the sidecar with "container", or give "host" and "port"';
    return [{ ...problemAt(setting, index, ['admin'], message), hint }];
  }
  return container === undefined
    ? hostProblems(host ?? '127.0.0.1', index, setting)
    : containerProblems(container, one.service, index, setting);
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

function hostProblems(host: string, index: number, setting: PoolerSetting): readonly Problem[] {
  const { allowHosts, denyHosts } = setting;
  const where = `poolers.${index}.admin.host`;
  if (isDenied(host, denyHosts))
    return [
      problemAt(setting, index, ['admin', 'host'], `${where} is ${host}, which safety.deny_hosts forbids`),
    ];
  if (loopback.test(host) || allowHosts.includes(host)) return [];
  const hint = `if this is meant, name the host: safety: { allow_hosts: [127.0.0.1, ${host}] }`;
  return [{ ...problemAt(setting, index, ['admin', 'host'], `${where} is not this machine: ${host}`), hint }];
}

/** A process listens on this machine; a container of Docker's has its ports to its instance alone. */
function containerProblems(
  container: string,
  serviceName: string | undefined,
  index: number,
  setting: PoolerSetting,
): readonly Problem[] {
  const { target } = setting;
  if (target.kind === 'url') return [noContainer(container, index, setting)];
  const service = target.services.find(({ name }) => name === (serviceName ?? target.service));
  if (service === undefined) return [];
  const program = programsOf(service)[container];
  if (program?.kind === 'process') return [];
  const known = Object.keys(programsOf(service)).join(', ');
  const message =
    program === undefined
      ? `the service ${service.name} has no container "${container}"`
      : `the container ${container} runs in Docker: its console can't be reached from here`;
  const hint = program === undefined ? `its containers are ${known}` : 'run it as a process with "command"';
  return [
    {
      ...problemAt(setting, index, ['admin', 'container'], `poolers.${index}.admin.container: ${message}`),
      hint,
    },
  ];
}

function noContainer(container: string, index: number, setting: PoolerSetting): Problem {
  const message = `poolers.${index}.admin.container: no container "${container}" is within reach at target.url`;
  return { ...problemAt(setting, index, ['admin', 'container'], message), hint: 'give "host" and "port"' };
}

function problemAt({ source }: PoolerSetting, index: number, path: YamlPath, message: string): Problem {
  return { message, place: source.placeOf(['poolers', index, ...path]) };
}
