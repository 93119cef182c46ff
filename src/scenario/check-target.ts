import type { Problem } from '../base/errors.ts';
import type { YamlFile } from '../base/yaml.ts';
import { faultNeeds } from './chaos/faults.ts';
import { isDenied } from './safety/check-hosts.ts';
import type { ScenarioFile } from './scenario-file.ts';

/** What is wrong with where the service runs: no place or two, or what can't be done at an address. */
export function targetProblems(file: ScenarioFile, source: YamlFile): readonly Problem[] {
  const { local, url, name } = file.target;
  const place = source.placeOf(['target']);
  const hint = 'name one of local and url';
  if (local !== undefined && url !== undefined)
    return [{ message: 'target: local and url are two places to run', place, hint }];
  if (local === undefined && url === undefined)
    return [{ message: 'target: nothing says where the service runs', place, hint }];
  if (url !== undefined) return urlProblems(url, file, source);
  if (name === undefined) return [];
  const at = source.placeOfKey(['target', 'name']);
  return [{ message: 'target.name goes with target.url', place: at, hint: 'use target.local.name' }];
}

function urlProblems(text: string, file: ScenarioFile, source: YamlFile): readonly Problem[] {
  const place = source.placeOf(['target', 'url']);
  const why = wrongWithUrl(text);
  return [
    ...(why === null
      ? hostProblems(new URL(text), file, source)
      : [{ message: `target.url: ${why}`, place }]),
    ...databaseProblems(file, source),
    ...chaosProblems(file, source),
    ...probeProblems(file, source),
  ];
}

function wrongWithUrl(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return 'expected an address such as http://127.0.0.1:8080 or https://api.example.com';
  if (url.username !== '' || url.password !== '') return 'a user and a password are not sent: leave them out';
  return url.pathname === '/' && url.search === '' && url.hash === ''
    ? null
    : 'paths stand in requests: give scheme, host and port alone';
}

/** Nothing but loopback is driven unless the scenario names it. */
function hostProblems(url: URL, { safety }: ScenarioFile, source: YamlFile): readonly Problem[] {
  const place = source.placeOf(['target', 'url']);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isDenied(host, safety?.deny_hosts ?? []))
    return [{ message: `target.url is on ${host}, which safety.deny_hosts forbids`, place }];
  const allowed = safety?.allow_hosts ?? ['127.0.0.1', 'localhost', '::1'];
  if (allowed.includes(host)) return [];
  return [
    {
      message: `target.url is on ${host}, which safety.allow_hosts does not list`,
      place,
      hint: `if this is meant, name the host: safety: { allow_hosts: [${host}] }`,
    },
  ];
}

/** The service at an address has its database already: one that is started for the run would not be it. */
function databaseProblems({ postgres }: ScenarioFile, source: YamlFile): readonly Problem[] {
  if (postgres?.url !== undefined || postgres?.cloud_sql !== undefined) return [];
  return [
    {
      message: `target.url: the service there has its own Postgres, and nothing says where that is`,
      place: source.placeOf(postgres === undefined ? ['target', 'url'] : ['postgres']),
      hint: 'name it as postgres.url or postgres.cloud_sql',
    },
  ];
}

/** At an address only the database can be hurt, and commands be run. */
function chaosProblems({ chaos = [] }: ScenarioFile, source: YamlFile): readonly Problem[] {
  return chaos.flatMap(({ do: fault }, index) => {
    if (fault === 'exec' || faultNeeds(fault, 'admin_role')) return [];
    return [
      {
        message: `${fault} needs the platform that the service runs on, and target.url is only an address`,
        place: source.placeOf(['chaos', index, 'do']),
        hint: 'use target.local, a fault on the server such as db.lock, or exec',
      },
    ];
  });
}

/** Its requests are counted against the sessions of the instances that are there. */
function probeProblems({ leak_probe: probe }: ScenarioFile, source: YamlFile): readonly Problem[] {
  if (probe === undefined) return [];
  return [
    {
      message: 'leak_probe: how many instances there are is not known at target.url',
      place: source.placeOfKey(['leak_probe']),
      hint: 'leave it out, or use target.local',
    },
  ];
}
