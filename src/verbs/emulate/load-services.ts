import { InputError } from '../../base/errors.ts';
import { hide } from '../../base/secrets/secrets.ts';
import { literalSecrets } from '../../scenario/literal-secrets.ts';
import type { LocalService } from '../../scenario/target/local-target.ts';
import { loadLocalService, type GivenLocally } from '../../scenario/target/load-local-service.ts';

/** A service.yaml and what is run in place of its image; the image itself where there is no command. */
export interface EmulatedService extends Pick<GivenLocally, 'command' | 'env' | 'containers'> {
  readonly file: string;
}

/** What all services have in common. */
export interface ServiceOptions {
  /** Folder that relative paths and processes start from; that of this process unless given. */
  readonly cwd?: string;
  /** Files that hold the values of secrets, by the secret's name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whose annotations and rules count; cloudrun unless given. */
  readonly profile?: 'cloudrun' | 'knative';
  /** What was declared and has no effect here, and what could not be written or undone. */
  readonly onWarning?: (text: string) => void;
}

/** Reads every service.yaml, and warns of what has no effect. Throws `InputError` with all that is wrong. */
export async function loadServices(
  [driven, ...beside]: readonly [EmulatedService, ...EmulatedService[]],
  hasDatabase: boolean,
  { cwd = process.cwd(), secrets = {}, profile = 'cloudrun', onWarning }: ServiceOptions,
): Promise<readonly [LocalService, ...LocalService[]]> {
  const load = ({ file, ...own }: EmulatedService): ReturnType<typeof loadLocalService> =>
    loadLocalService(file, { ...own, cwd, secrets, profile, hasDatabase });
  const [first, ...others] = await Promise.all([load(driven), ...beside.map(load)]);
  const all = [first, ...others];
  hide(all.flatMap((one) => [...one.secrets, ...literalSecrets(one.service.resource)]));
  refuseNamesakes([first, ...others].map(({ service }) => service.name));
  for (const { warnings } of [first, ...others]) for (const warning of warnings) onWarning?.(warning);
  return [first.service, ...others.map(({ service }) => service)];
}

function refuseNamesakes(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new InputError([{ message: `two services have the name ${twice}`, hint: 'metadata.name is it' }]);
}
