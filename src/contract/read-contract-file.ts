import leven from 'leven';
import type { Problem } from '../base/errors.ts';
import { checkShape, unknownKey, type Checked } from '../base/shape.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { draftOf, type ContractDraft } from './contract-draft.ts';
import { contractFile, ownKeys, type ContractFile } from './contract-file.ts';

/** Reads the contract that stands at `base` in the file: a whole file, or inline in a scenario. */
export function readContractFile(
  source: YamlFile,
  value: unknown,
  base: YamlPath = [],
): Checked<ContractDraft> {
  const strays = strayKeys(value).map((key) => unknownKey([...base, key], ownKeys, source));
  const checked = checkShape(contractFile, source, withoutStrays(value), base);
  const problems = [...strays, ...(checked.ok ? [] : checked.problems)];
  if (!checked.ok || problems.length > 0) return { ok: false, problems };
  const draft = draftOf(checked.value, source, base);
  const wrong = problemsOf(checked.value, draft, source, base);
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, value: draft };
}

/** Keys that are no service in the short form: beside the long form, or a slip of one of our own keys. */
function strayKeys(value: unknown): readonly string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  const keys = Object.keys(value);
  const hasLongForm = keys.includes('service') || keys.includes('services');
  return keys.filter(
    (key) => !ownKeys.includes(key as never) && (hasLongForm || ownKeys.some((own) => leven(key, own) === 1)),
  );
}

function withoutStrays(value: unknown): unknown {
  const strays = strayKeys(value);
  if (strays.length === 0) return value;
  return Object.fromEntries(Object.entries(value as object).filter(([key]) => !strays.includes(key)));
}

function problemsOf(file: ContractFile, draft: ContractDraft, source: YamlFile, base: YamlPath): Problem[] {
  const both = file.service !== undefined && file.services !== undefined;
  const seen = new Set<string>();
  const twice = draft.services.filter((service) => {
    const name = service.name?.value ?? '';
    return name !== '' && (seen.has(name) || !seen.add(name));
  });
  return [
    ...(both
      ? [
          {
            message: '"service" and "services" exclude each other',
            place: source.placeOfKey([...base, 'services']),
          },
        ]
      : []),
    ...twice.map((service) => ({
      message: `the service "${service.name?.value ?? ''}" is declared twice`,
      place: service.name?.place ?? service.place,
    })),
  ];
}
