import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';

/** True for a document of the Cloud Run kind, and for its bare `spec:`. */
export function isServiceYaml(value: unknown): boolean {
  return isRecord(value) && ('apiVersion' in value || 'kind' in value || 'spec' in value);
}

/** Where the parts of the document are: the revision's spec stands in a template, or right under `spec:`. */
export interface Layout {
  readonly spec: Fields;
  readonly template: Fields;
  readonly revision: unknown;
  readonly specPath: YamlPath;
  /** A snippet without a template around it. */
  readonly bare: boolean;
}

export type Fields = Readonly<Record<string, unknown>>;

export function layoutOf(root: Fields): Layout {
  const spec = recordOf(root['spec']);
  if (!('template' in spec))
    return { spec: {}, template: {}, revision: spec, specPath: ['spec'], bare: !('kind' in root) };
  const template = recordOf(spec['template']);
  return {
    spec,
    template,
    revision: template['spec'] ?? {},
    specPath: ['spec', 'template', 'spec'],
    bare: false,
  };
}

/** Why it is no document that can be read here; nothing where it is one. */
export function kindProblems(source: YamlFile, root: Fields): Problem[] {
  const kind = root['kind'];
  if (!isServiceYaml(root))
    return [
      {
        message: 'this is no Cloud Run service.yaml: it has no "spec:"',
        place: source.placeOf([]),
        hint: 'a contract file goes under "contract:"',
      },
    ];
  if (kind !== undefined && kind !== 'Service')
    return [
      { message: `kind: expected Service, got ${JSON.stringify(kind)}`, place: source.placeOf(['kind']) },
    ];
  if (root['apiVersion'] !== undefined && root['apiVersion'] !== 'serving.knative.dev/v1')
    return [
      {
        message: `apiVersion: expected serving.knative.dev/v1, got ${JSON.stringify(root['apiVersion'])}`,
        place: source.placeOf(['apiVersion']),
      },
    ];
  if (isRecord(root['spec'])) return [];
  return [{ message: 'spec: expected keys with values', place: source.placeOf(['spec']) }];
}

/** No keys where there are none to be had. */
export function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
