import type { Problem } from '../../base/errors.ts';
import { formatPlace } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { Metadata } from './service-yaml.ts';
import { compact } from './reading.ts';
import type { SettingKey, Sourced } from '../service-draft.ts';
import type { RevisionTemplate, ServiceResource } from './service-resource.ts';

/** What annotations say about how wide the fleet may become. */
export interface YamlScaling {
  readonly settings: ReadonlyMap<SettingKey, Sourced<number>>;
  /** omega where a service-level cap holds both revisions together; absent where the cap is per revision. */
  readonly impliedOverlap?: number;
  /** The same in the Admin API's form, of the service and of the revision; absent where nothing is declared. */
  readonly ofService?: ServiceResource['scaling'];
  readonly ofRevision?: RevisionTemplate['scaling'];
  readonly problems: readonly Problem[];
}

/** Annotations of one level and where they stand. */
export interface Annotated {
  readonly source: YamlFile;
  readonly path: YamlPath;
  readonly metadata: Metadata;
}

const run = 'run.googleapis.com';
const knative = 'autoscaling.knative.dev';

/** Reads the scaling annotations of the service and of its template. */
export function readScaling(service: Annotated, template: Annotated): YamlScaling {
  const problems: Problem[] = [];
  const value = (level: Annotated, least: number, keys: readonly string[]): Sourced<number> | undefined =>
    oneOf(level, least, keys, problems);
  const mode = readMode(service, problems);
  const manual = value(service, 1, [`${run}/manualInstanceCount`]);
  const bounds = {
    serviceMax: value(service, 1, [`${run}/maxScale`]),
    revisionMax: value(template, 1, keysOf('max')),
    serviceMin: value(service, 0, [`${run}/minScale`]),
    revisionMin: value(template, 0, keysOf('min')),
  };
  const resource = resourceOf(bounds, mode, manual);
  if (mode !== 'MANUAL') return { ...effective(bounds), ...resource, problems };
  if (manual === undefined) return { settings: new Map(), ...resource, problems };
  const settings = new Map([['max_instances', manual] as const, ['min_instances', manual] as const]);
  return { settings, impliedOverlap: 0, ...resource, problems };
}

/** The caps of both levels. */
type Bounds = Readonly<
  Record<'serviceMax' | 'revisionMax' | 'serviceMin' | 'revisionMin', Sourced<number> | undefined>
>;

type Mode = 'MANUAL' | 'AUTOMATIC';

/** Manual scaling wants a count; a mode that nobody knows is a problem. */
function readMode({ source, path, metadata }: Annotated, problems: Problem[]): Mode | undefined {
  const key = `${run}/scalingMode`;
  const given = metadata.annotations?.[key];
  if (given === undefined) return undefined;
  const place = source.placeOf([...path, 'annotations', key]);
  if (given === 'manual' && metadata.annotations?.[`${run}/manualInstanceCount`] === undefined)
    problems.push({ message: `${key}: manual needs ${run}/manualInstanceCount`, place });
  if (given === 'manual') return 'MANUAL';
  if (given !== 'automatic')
    problems.push({
      message: `${key}: expected automatic or manual, got ${JSON.stringify(given)}`,
      place,
    });
  return 'AUTOMATIC';
}

function resourceOf(
  bounds: Bounds,
  mode: Mode | undefined,
  manual: Sourced<number> | undefined,
): Pick<YamlScaling, 'ofService' | 'ofRevision'> {
  const ofService = compact({
    minInstanceCount: bounds.serviceMin?.value,
    maxInstanceCount: bounds.serviceMax?.value,
    scalingMode: mode,
    manualInstanceCount: manual?.value,
  });
  const ofRevision = compact({
    minInstanceCount: bounds.revisionMin?.value,
    maxInstanceCount: bounds.revisionMax?.value,
  });
  return {
    ...(Object.keys(ofService).length > 0 ? { ofService } : {}),
    ...(Object.keys(ofRevision).length > 0 ? { ofRevision } : {}),
  };
}

function keysOf(bound: 'min' | 'max'): readonly string[] {
  return [`${knative}/${bound}Scale`, `${knative}/${bound}-scale`, `${run}/${bound}Scale`];
}

/**
 * max = the smaller of both caps; min = the larger of both, but never above max. With a service-level cap S
 * over revisions of at most N each, a rollout adds S - N at most: omega = min(1, S / N - 1).
 */
function effective({
  serviceMax,
  revisionMax,
  serviceMin,
  revisionMin,
}: Bounds): Omit<YamlScaling, 'problems'> {
  const settings = new Map<SettingKey, Sourced<number>>();
  const max = smaller(serviceMax, revisionMax);
  const min = [serviceMin, revisionMin].reduce<Sourced<number> | undefined>(
    (most, next) => (next !== undefined && (most === undefined || next.value > most.value) ? next : most),
    undefined,
  );
  if (max !== undefined) settings.set('max_instances', max);
  if (min !== undefined)
    settings.set('min_instances', { ...min, value: Math.min(min.value, max?.value ?? min.value) });
  if (serviceMax === undefined || max === undefined) return { settings };
  return { settings, impliedOverlap: Math.min(1, serviceMax.value / max.value - 1) };
}

function smaller(
  one: Sourced<number> | undefined,
  other: Sourced<number> | undefined,
): Sourced<number> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.value <= other.value ? one : other;
}

/** The value of an annotation that has several spellings; two spellings must agree. */
function oneOf(
  { source, path, metadata }: Annotated,
  least: number,
  keys: readonly string[],
  problems: Problem[],
): Sourced<number> | undefined {
  const found: (Sourced<number> & { readonly key: string })[] = [];
  for (const key of keys) {
    const given = metadata.annotations?.[key];
    if (given === undefined) continue;
    const place = source.placeOf([...path, 'annotations', key]);
    const value = /^\d{1,6}$/.test(String(given)) ? Number(given) : Number.NaN;
    if (value >= least) found.push({ key, value, place });
    else
      problems.push({
        message: `${key}: expected a whole number of at least ${least}, got ${JSON.stringify(given)}`,
        place,
      });
  }
  const [first, ...others] = found;
  const against = others.find((other) => other.value !== first?.value);
  if (first !== undefined && against !== undefined)
    problems.push({
      message: `${first.key} says ${first.value}, but ${against.key} at ${formatPlace(against.place)} says ${against.value}`,
      place: first.place,
    });
  return first;
}
