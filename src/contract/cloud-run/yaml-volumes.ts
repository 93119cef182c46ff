import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { compact, remarksOf, type Reading } from './reading.ts';
import type { Sourced } from '../service-draft.ts';
import type { ResourceVolume } from './resource-volume.ts';
import { knownYamlKeys, type VolumeYaml } from './service-yaml.ts';
import { strayKeys } from './stray-keys.ts';

/** The volumes of a revision. */
export interface VolumesReading {
  readonly list: readonly ResourceVolume[];
  /** The secrets that they hold. */
  readonly secrets: readonly Sourced<string>[];
}

const kinds = ['secret', 'emptyDir', 'csi', 'nfs'] as const;

/** Reads `volumes`. */
export function readVolumes(
  given: readonly VolumeYaml[],
  source: YamlFile,
  path: YamlPath,
): Reading<VolumesReading> {
  const read = given.map((volume, index) => readVolume(volume, source, [...path, index]));
  const twice = given.flatMap(({ name }, index) =>
    given.findIndex((one) => one.name === name) < index
      ? [{ message: `two volumes are called "${name}"`, place: source.placeOf([...path, index, 'name']) }]
      : [],
  );
  const remarks = remarksOf(read);
  return {
    value: {
      list: read.map((one) => one.value),
      secrets: given.flatMap(({ secret }, index) =>
        secret === undefined
          ? []
          : [
              {
                value: secret.secretName,
                place: source.placeOf([...path, index, 'secret', 'secretName']),
              },
            ],
      ),
    },
    problems: [...remarks.problems, ...twice],
    warnings: remarks.warnings,
  };
}

function readVolume(given: VolumeYaml, source: YamlFile, path: YamlPath): Reading<ResourceVolume> {
  const strays = strayKeys(source, given, path, knownYamlKeys.volume);
  const found = kinds.filter((kind) => given[kind] !== undefined);
  const problems: Problem[] = [];
  if (found.length !== 1 && strays.warnings.length === 0) {
    const message = `the volume ${given.name} needs one of ${kinds.join(', ')}; it has ${found.length}`;
    problems.push({ message, place: source.placeOf(path) });
  }
  const value = volumeResource(given, source, path);
  problems.push(...modeProblems(value, source, path));
  const isElsewhere = given.csi !== undefined || given.nfs !== undefined || strays.warnings.length > 0;
  return {
    value,
    problems: [...strays.problems, ...problems],
    warnings: [
      ...strays.warnings,
      ...(isElsewhere ? [`the volume ${given.name} is not mounted: it lies outside of the instance`] : []),
    ],
  };
}

function modeProblems({ name, secret }: ResourceVolume, source: YamlFile, path: YamlPath): Problem[] {
  const modes = [secret?.defaultMode, ...(secret?.items ?? []).map((item) => item.mode)];
  if (modes.every((mode) => (mode ?? 0) <= 0o777)) return [];
  const message = `the volume ${name} has a file mode of more than 0777`;
  return [{ message, place: source.placeOf([...path, 'secret']) }];
}

function volumeResource(given: VolumeYaml, source: YamlFile, path: YamlPath): ResourceVolume {
  const { name, emptyDir, csi, nfs } = given;
  const bucket = csi?.volumeAttributes?.['bucketName'];
  return compact({
    name,
    secret: secretResource(given.secret, source, [...path, 'secret']),
    emptyDir: emptyDir === undefined ? undefined : emptyDirResource(emptyDir ?? {}),
    gcs: csi && compact({ bucket, readOnly: csi.readOnly }),
    nfs: nfs && compact({ server: nfs.server, path: nfs.path, readOnly: nfs.readOnly }),
  });
}

function emptyDirResource({
  medium,
  sizeLimit,
}: NonNullable<VolumeYaml['emptyDir']>): NonNullable<ResourceVolume['emptyDir']> {
  const size = sizeLimit === undefined ? undefined : String(sizeLimit);
  return compact({ medium: medium?.toUpperCase(), sizeLimit: size });
}

function secretResource(
  given: VolumeYaml['secret'],
  source: YamlFile,
  path: YamlPath,
): ResourceVolume['secret'] {
  if (given === undefined) return undefined;
  const items = given.items?.map((item, index) =>
    compact({
      path: item.path,
      version: String(item.key ?? 'latest'),
      mode: modeAt(source, [...path, 'items', index, 'mode'], item.mode),
    }),
  );
  const defaultMode = modeAt(source, [...path, 'defaultMode'], given.defaultMode);
  return compact({ secret: given.secretName, items, defaultMode });
}

/**
 * A file mode: `0400` is octal to the tools that service.yaml is written for, which read YAML 1.1, and decimal
 * to a reader of YAML 1.2 as this one.
 */
function modeAt(source: YamlFile, path: YamlPath, mode: number | undefined): number | undefined {
  const text = source.textOf(path) ?? '';
  return mode !== undefined && /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : mode;
}
