import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { ownKeys, type ContractFile, type ServiceInFile, type ShortService } from './contract-file.ts';
import type { HeadroomLine, SessionMatch } from './contract.ts';
import { settingKeys, type ServiceDraft, type SettingKey, type Sourced } from './service-draft.ts';

/** What a contract file says, before defaults and other sources. */
export interface ContractDraft {
  readonly services: readonly ServiceDraft[];
  readonly headroom: readonly HeadroomLine[];
  /** The sums that somebody wrote down. */
  readonly worstCase?: Sourced<number>;
  readonly totalPlanned?: Sourced<number>;
}

/** Lays the file out service by service, each number with its place. */
export function draftOf(file: ContractFile, source: YamlFile, base: YamlPath): ContractDraft {
  const reader = { file, source, base };
  const short = Object.keys(file).filter((key) => !ownKeys.includes(key as never));
  const worst = sourced(file.budget?.worst_case_service_connections, reader, [
    'budget',
    'worst_case_service_connections',
  ]);
  const total = sourced(file.budget?.total_planned_pressure, reader, ['budget', 'total_planned_pressure']);
  const services = [
    ...(file.service === undefined ? [] : [longDraft(file.service, ['service'], reader)]),
    ...(file.services ?? []).map((one, index) => longDraft(one, ['services', index], reader)),
    ...short.map((name) => shortDraft(name, reader)),
  ];
  return {
    // A file that declares the database alone leaves the service to service.yaml.
    services: services.length > 0 ? services : [longDraft({}, [], reader)],
    headroom: headroomOf(file),
    ...(worst === undefined ? {} : { worstCase: worst }),
    ...(total === undefined ? {} : { totalPlanned: total }),
  };
}

/** What is read, and where it stands. */
interface Reader {
  readonly file: ContractFile;
  readonly source: YamlFile;
  readonly base: YamlPath;
}

function longDraft(service: ServiceInFile, path: YamlPath, reader: Reader): ServiceDraft {
  const shared = reader.file.database ?? {};
  const layers = [
    { values: service, path },
    { values: service.database ?? {}, path: [...path, 'database'] },
    { values: shared, path: ['database'] },
  ];
  const name = sourced(service.name, reader, [...path, 'name']);
  return {
    place: placeOf(reader, path),
    ...(name === undefined ? {} : { name }),
    settings: settingsOf(layers, reader),
    secondPools: service.database?.second_pools ?? shared.second_pools ?? [],
    match: matchOf(service.match),
  };
}

function shortDraft(name: string, reader: Reader): ServiceDraft {
  const service = reader.file[name] as ShortService;
  const shared = reader.file.database ?? {};
  const layers = [
    { values: service, path: [name] },
    { values: shared, path: ['database'] },
  ];
  return {
    place: reader.source.placeOfKey([...reader.base, name]),
    name: { value: name, place: reader.source.placeOfKey([...reader.base, name]) },
    settings: settingsOf(layers, reader),
    secondPools: service.second_pools ?? shared.second_pools ?? [],
    match: matchOf(service.match),
  };
}

/** The first layer that has a setting wins: the service's own before the shared one. */
function settingsOf(
  layers: readonly { readonly values: object; readonly path: YamlPath }[],
  reader: Reader,
): ReadonlyMap<SettingKey, Sourced<number>> {
  const settings = new Map<SettingKey, Sourced<number>>();
  for (const key of settingKeys) {
    for (const { values, path } of layers) {
      const value = (values as Partial<Record<SettingKey, number>>)[key];
      if (value === undefined) continue;
      settings.set(key, { value, place: placeOf(reader, [...path, key]) });
      break;
    }
  }
  return settings;
}

function matchOf(match: ServiceInFile['match']): SessionMatch {
  return {
    ...(match?.role === undefined ? {} : { role: match.role }),
    ...(match?.application_name === undefined ? {} : { applicationName: match.application_name }),
    ...(match?.database === undefined ? {} : { database: match.database }),
    ...(match?.client_address === undefined ? {} : { clientAddress: match.client_address }),
  };
}

function headroomOf(file: ContractFile): readonly HeadroomLine[] {
  const admin = file.database?.reserved_headroom_for_admin_and_migrations;
  const others = file.database?.reserved_headroom_for_other_services;
  return [
    ...(admin === undefined ? [] : [{ purpose: 'admin_and_migrations' as const, slots: admin }]),
    ...(others === undefined ? [] : [{ purpose: 'other_services' as const, slots: others }]),
  ];
}

function sourced<T>(value: T | undefined, reader: Reader, path: YamlPath): Sourced<T> | undefined {
  return value === undefined ? undefined : { value, place: placeOf(reader, path) };
}

function placeOf(reader: Reader, path: YamlPath): Sourced<unknown>['place'] {
  return reader.source.placeOf([...reader.base, ...path]);
}
