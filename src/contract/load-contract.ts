import { InputError } from '../base/errors.ts';
import { loadYaml } from '../base/load-yaml.ts';
import type { Checked } from '../base/shape.ts';
import { sortProblems } from '../base/sort-problems.ts';
import type { YamlFile } from '../base/yaml.ts';
import type { Contract } from './contract.ts';
import { importService } from './cloud-run/import-service.ts';
import { mergeContract, type ContractSources } from './merge-contract.ts';
import { readContractFile } from './read-contract-file.ts';
import { isServiceYaml } from './cloud-run/yaml-layout.ts';

/** Loads a connection budget, or what a Cloud Run service.yaml declares. Throws `InputError` with all problems. */
export async function loadContract(file: string): Promise<Contract> {
  const merged = contractIn(await loadYaml(file));
  if (!merged.ok) throw new InputError(sortProblems(merged.problems, file));
  return merged.value;
}

function contractIn(source: YamlFile): Checked<Contract> {
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const sources = readSources(source);
  if (!sources.ok) return sources;
  const merged = mergeContract(sources.value);
  return merged.ok ? { ok: true, value: merged.value.contract } : merged;
}

function readSources(source: YamlFile): Checked<ContractSources> {
  if (isServiceYaml(source.value)) {
    const imported = importService(source);
    return imported.ok ? { ok: true, value: { targets: [{ imported: imported.value }] } } : imported;
  }
  const draft = readContractFile(source, source.value);
  return draft.ok ? { ok: true, value: { draft: draft.value, targets: [] } } : draft;
}
